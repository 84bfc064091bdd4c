/* Asking again and again, as rarely as one may. */

const GROWTH = 1.5;

/** Resolves when the page is visible. */
function visible(page) {
  return new Promise(done => {
    if (page.visibilityState === 'visible') return done();
    const changed = () => {
      if (page.visibilityState !== 'visible') return;
      page.removeEventListener('visibilitychange', changed);
      done();
    };
    page.addEventListener('visibilitychange', changed);
  });
}

/** Resolves after some seconds, or when the page becomes visible again. */
function pause(seconds, page) {
  return new Promise(done => {
    const over = () => {
      clearTimeout(timer);
      page.removeEventListener('visibilitychange', changed);
      done();
    };
    const changed = () => { if (page.visibilityState === 'visible') over(); };
    const timer = setTimeout(over, 1000 * seconds);
    page.addEventListener('visibilitychange', changed);
  });
}

/**
 * Calls `task` until `over` says so: after `first` seconds again where it told something new (it gave true), else ever
 * more rarely, up to `longest` seconds. A task that fails told nothing new. While the page is hidden nothing is called,
 * and at once when it is seen again.
 */
export async function poll(task, {first, longest, over, page = document}) {
  let wait = first;
  for (;;) {
    await visible(page);
    if (over()) return;
    const fresh = await task().catch(() => false);
    if (over()) return;
    wait = fresh ? first : Math.min(longest, GROWTH * wait);
    await pause(wait, page);
  }
}
