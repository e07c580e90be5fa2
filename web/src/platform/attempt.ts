/// The page of an attempt: waits for its result, and shows times as the reader's clock has them.

/// Milliseconds between two questions, at first and at most.
const FIRST = 400;
const MOST = 5000;

/// Asks for the state of an attempt until it is done, and then loads the page with its result.
export async function watchAttempt(place: HTMLElement): Promise<void> {
  const state = place.querySelector("[data-state]");
  let pause = FIRST;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.3, MOST);
    try {
      const answer = await fetch(place.dataset["poll"]!, { headers: { accept: "application/json" } });
      // Signed out meanwhile: the page says so itself.
      if (answer.redirected || answer.status === 404) return location.reload();
      const { done, text } = (await answer.json()) as { done: boolean; text: string };
      if (done) return location.reload();
      if (state && state.textContent !== text) state.textContent = text;
    } catch {
      // Not reached for now; the attempt is kept in any case.
    }
  }
}

/// The server writes times in UTC.
export function showTimes(root: ParentNode): void {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const element of root.querySelectorAll("time")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    element.title = element.textContent ?? "";
    element.textContent = format.format(at);
  }
}
