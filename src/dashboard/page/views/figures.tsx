/** Is it live, is it quick, is anything missing, and how much there is: in a row of figures. */
import type { ComponentChildren } from "preact";
import type { StatusReport } from "../../../model/status.ts";
import type { PageState } from "../page_state.ts";
import { counted, type Words } from "../times.ts";

export function Figures({ page }: { readonly page: PageState }) {
  const status = page.status.value;
  if (!status) return <dl class="figures" aria-busy="true" />;
  const { words } = page;
  const { database } = status;
  return (
    <dl class="figures">
      <Delay status={status} words={words} />
      <Figure
        name="Last change"
        note={status.last_sync.duration_ms === null ? "" : "in Messages or Contacts"}
      >
        <Ago page={page} at={status.last_sync.at} />
      </Figure>
      <Figure name="Contacts checked" note="">
        <Ago page={page} at={status.last_contact_sync.at} />
      </Figure>
      <Missing page={page} status={status} />
      <Figure name="Messages" note={waiting(status, words)}>{words.count(database.messages)}</Figure>
      <Figure name="Chats" note={`${counted(words, database.contacts, "contact")}`}>
        {words.count(database.chats)}
      </Figure>
      <Figure name="Reactions" note={`${counted(words, database.attachments, "file")}`}>
        {words.count(database.reactions)}
      </Figure>
      <Figure name="Database" note={`on this ${isMac() ? "Mac" : "computer"} only`}>
        {words.size(database.size_bytes)}
      </Figure>
    </dl>
  );
}

function isMac(): boolean {
  return /mac/i.test(navigator.userAgent);
}

interface FigureProps {
  readonly name: string;
  readonly note: string;
  readonly children: ComponentChildren;
}

function Figure({ name, note, children }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{children}</strong>
        {note !== "" && <small>{note}</small>}
      </dd>
    </div>
  );
}

function Delay({ status, words }: { readonly status: StatusReport; readonly words: Words }) {
  const { p50, p99 } = status.latency_ms;
  const note = p99 === null ? "none measured yet" : `99% within ${words.delay(p99)}`;
  return <Figure name="Delay from Messages" note={note}>{p50 === null ? "–" : words.delay(p50)}</Figure>;
}

/** Apart, so that only this text is drawn anew each second. */
function Ago({ page, at }: { readonly page: PageState; readonly at: string | null }) {
  if (at === null) return <>–</>;
  const ms = Date.parse(at);
  return <time dateTime={at} title={page.words.full(ms)}>{page.words.ago(ms, page.now.value)}</time>;
}

/** What a comparison finds missing is put right by it: so what is left is none. */
function Missing({ page, status }: { readonly page: PageState; readonly status: StatusReport }) {
  const { reconcile } = status;
  if (!reconcile) return <Figure name="Missing here" note="first comparison under way">–</Figure>;
  const mended = reconcile.missing + reconcile.extra + reconcile.different;
  const found = mended === 0 ? "compared with Messages" : `${page.words.count(mended)} found and fixed`;
  return (
    <Figure
      name="Missing here"
      note={`${found} ${page.words.ago(Date.parse(reconcile.at), page.now.value)}`}
    >
      {page.words.count(0)}
    </Figure>
  );
}

function waiting({ pending, undecodable, not_in_source }: StatusReport, words: Words): string {
  return [
    ...pending > 0 ? [`${words.count(pending)} waiting`] : [],
    ...undecodable > 0 ? [`${words.count(undecodable)} unreadable`] : [],
    ...not_in_source > 0 ? [`${words.count(not_in_source)} no longer in Messages`] : [],
  ].join(", ") || "none waiting";
}
