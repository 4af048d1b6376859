// Shows notices where a page may not do so itself, Chrome on Android above all. It answers no request and keeps nothing.

addEventListener("notificationclick", (event) => {
  const { notification } = event;
  notification.close();
  event.waitUntil(clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
    const page = pages.find(({ url }) => url === notification.data) ?? pages[0];
    return page ? page.focus() : clients.openWindow(notification.data);
  }));
});
