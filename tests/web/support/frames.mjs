// Counts the animation frames of a page, in the page, and looks at the log in each of them.

/** Begins at once; `stop()` resolves to what was seen: frames a second over all the time, the time between two, rows, distance from the end. */
export async function watchFrames(page) {
  await page.evaluate(() => {
    const log = document.getElementById("log");
    const list = log.querySelector("ol");
    const seen = { gaps: [], rows: 0, away: 0 };
    let last = 0;
    let on = true;
    requestAnimationFrame(function frame() {
      const now = performance.now();
      if (last > 0) seen.gaps.push(now - last);
      last = now;
      seen.rows = Math.max(seen.rows, list.children.length);
      seen.away = Math.max(seen.away, log.scrollHeight - log.scrollTop - log.clientHeight);
      if (on) requestAnimationFrame(frame);
    });
    window.stopFrames = () => {
      on = false;
      return seen;
    };
  });
  return {
    async stop() {
      const { gaps, ...rest } = await page.evaluate(() => window.stopFrames());
      const ms = gaps.reduce((sum, gap) => sum + gap, 0);
      const sorted = gaps.toSorted((a, b) => a - b);
      return { ...rest, seconds: ms / 1000, rate: (gaps.length / ms) * 1000, p95: sorted[Math.floor(sorted.length * 0.95)], longest: sorted.at(-1) };
    },
  };
}
