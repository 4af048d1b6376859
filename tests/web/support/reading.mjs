// Reads through a long log as someone who scrolls would, and looks at every frame of it. The messages are numbered: `mensagem 17: …`.

/**
 * Scrolls `page` from where it is to the first message (`to: 1`) or down to number `to`, a window at a time.
 * Resolves to `{worst, rows, seen, faults}`: by how many pixels the first visible row moved at most while others came and went, the most
 * rows on the page, how many different messages were seen, and what was out of order.
 */
export function readThrough(page, { up, to }) {
  return page.evaluate(async ({ up, to }) => {
    const SETTLED_FRAMES = 3;
    const FRAMES_MOST = 600;
    const log = document.getElementById("log");
    const list = log.querySelector("ol");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const numberOf = (row) => Number(/mensagem (\d+):/.exec(row?.textContent)?.[1]);
    const messages = () => [...list.querySelectorAll(".msg")];
    const seen = new Set();
    const found = { worst: 0, rows: 0, faults: [] };

    const look = () => {
      found.rows = Math.max(found.rows, list.children.length);
      const numbers = messages().map(numberOf);
      for (const [i, number] of numbers.entries()) {
        seen.add(number);
        if (i > 0 && number !== numbers[i - 1] + 1) found.faults.push(`${numbers[i - 1]} is followed by ${number}`);
      }
      return numbers;
    };

    let steps = 0;
    for (let there = false; !there;) {
      log.scrollTop = up ? 0 : log.scrollHeight;
      const top = log.getBoundingClientRect().top;
      const row = messages().find((element) => element.getBoundingClientRect().bottom > top);
      const before = row.getBoundingClientRect().top;
      let quiet = 0;
      let edges = "";
      for (let i = 0; i < FRAMES_MOST && quiet < SETTLED_FRAMES; i += 1) {
        await frame();
        found.worst = Math.max(found.worst, Math.abs(row.getBoundingClientRect().top - before));
        const now = `${numberOf(list.querySelector(".msg"))} ${up || numberOf(messages().at(-1))}`;
        quiet = now === edges ? quiet + 1 : 0;
        edges = now;
      }
      const numbers = look();
      there = up ? numbers[0] <= to : numbers.at(-1) >= to;
      steps += 1;
      if (steps > 5000) throw new Error(`still at ${numbers[0]} to ${numbers.at(-1)}`);
    }
    return { ...found, seen: seen.size, steps };
  }, { up, to });
}

/** The texts of all messages of the room, first to last, read by scrolling up from the end. Each text is said once. */
export function wholeLog(page) {
  return page.evaluate(async () => {
    const FRAMES_MOST = 600;
    const log = document.getElementById("log");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const texts = () => [...log.querySelectorAll(".msg .text")].map((element) => element.textContent);
    let found = texts();
    for (let still = 0; still < FRAMES_MOST && !log.textContent.includes("Aqui começa a conversa"); still += 1) {
      log.scrollTop = 0;
      await frame();
      const shown = texts();
      const known = shown.indexOf(found[0]);
      if (known < 0) throw new Error(`the page went on from ${shown.at(-1)} to ${found[0]}`);
      if (known > 0) still = 0;
      found = [...shown.slice(0, known), ...found];
    }
    const shown = texts();
    return [...shown.slice(0, shown.indexOf(found[0])), ...found];
  });
}
