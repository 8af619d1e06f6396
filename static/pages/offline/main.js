// @ts-check
/** The page for when the server cannot be reached: it asks until there is an answer, and gives way to the page that was wanted. */

const SLOWEST_MS = 15_000;

async function wait() {
  for (let pause = 2000; ; pause = Math.min(pause * 1.5, SLOWEST_MS)) {
    await new Promise((go) => {
      setTimeout(go, pause);
      addEventListener('online', go, { once: true });
    });
    // It stands alone, with nothing of core: what it needs is what this browser keeps.
    const answer = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(5000) }).catch(() => null);
    if (answer?.ok) return location.reload();
  }
}

wait();
