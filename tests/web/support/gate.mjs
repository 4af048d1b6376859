// A gate between a page and the server, for what a network does to messages.

/**
 * Call before the page is opened. `gate.mute`: what is said never reaches the server; `gate.hold`: it does, but its answer is lost.
 * `gate.sent` has the `send` commands of the page, in order.
 */
export async function gated(context) {
  const gate = { hold: false, mute: false, sent: [] };
  await context.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    const held = new Set();
    socket.onMessage((text) => {
      const frame = JSON.parse(text);
      if (frame.type === "send") {
        gate.sent.push(frame);
        if (gate.mute) return;
        if (gate.hold) held.add(frame.id);
      }
      server.send(text);
    });
    server.onMessage((text) => {
      const through = text.split("\n").filter((part) => part !== "" && !held.has(JSON.parse(part).id));
      if (through.length > 0) socket.send(through.join("\n"));
    });
  });
  return gate;
}
