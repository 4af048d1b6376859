// A hand on the line between a page and the server: commands are refused, or swallowed.

/** The server as it is, but for one kind of command: it is answered with `error` as often as `refuses()` says so. */
export function refusing(context, type, refuses, error) {
  return between(context, (frame, answer) => {
    if (frame.type !== type || !refuses()) return false;
    answer({ type: "error", id: frame.id, ...error });
    return true;
  });
}

/** The server as it is, but that it never hears commands of `type` while `deaf()` is true. */
export function deafTo(context, type, deaf = () => true) {
  return between(context, (frame) => frame.type === type && deaf());
}

/** `taken(frame, answer)` is asked about every command; what it takes does not reach the server. */
function between(context, taken) {
  return context.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      if (!taken(JSON.parse(text), (frame) => socket.send(JSON.stringify(frame)))) server.send(text);
    });
  });
}
