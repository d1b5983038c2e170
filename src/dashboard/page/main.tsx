/** The page's beginning: the token, the state, the views. */
import { render } from "preact";
import { PageState } from "./page_state.ts";
import { ShownText } from "./shown_text.ts";
import { takeToken } from "./token.ts";
import { NoTokenView } from "./views/no_token_view.tsx";
import { PageView } from "./views/page_view.tsx";

function begin(place: HTMLElement): void {
  const token = takeToken({ location, history, storage: sessionStorage });
  // Whoever opens the address once more, in the tab that shows the page, brings another token.
  addEventListener("hashchange", () => location.reload());
  if (token === null) {
    render(<NoTokenView reason="none" />, place);
    return;
  }
  const page = new PageState(token, new ShownText(localStorage));
  render(<PageView page={page} />, place);
  page.start();
}

const place = document.getElementById("page");
if (place) begin(place);
