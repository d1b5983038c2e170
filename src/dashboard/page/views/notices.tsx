/** What stands in the way, what is being imported, and that the connection is gone: above everything else. */
import type { PageState } from "../page_state.ts";
import type { Trouble } from "../trouble.ts";

export function Notices({ page }: { readonly page: PageState }) {
  return (
    <div class="notices">
      <ConnectionNotice page={page} />
      <ImportNotice page={page} />
      {page.troubles.value.map((trouble) => <TroubleNotice key={trouble.title} trouble={trouble} />)}
    </div>
  );
}

function ConnectionNotice({ page }: { readonly page: PageState }) {
  const state = page.connection.state.value;
  if (state.kind !== "waiting") return null;
  return (
    <section class="notice note" id="reconnecting">
      <h2>The program does not answer</h2>
      <p>Trying again by itself. Nothing is lost: what happens meanwhile comes in as soon as it is back.</p>
    </section>
  );
}

function ImportNotice({ page }: { readonly page: PageState }) {
  const progress = page.progress.value;
  if (!progress) return null;
  const { done, total } = progress;
  const share = total > 0 ? Math.floor(100 * done / total) : 0;
  return (
    <section class="notice import" id="importing">
      <h2>
        <label for="import-progress">Importing what is there already</label>
      </h2>
      <progress id="import-progress" max={Math.max(1, total)} value={done} />
      <p class="figures-text">
        {page.words.count(done)} of {page.words.count(total)} rows, {share}%
      </p>
    </section>
  );
}

function TroubleNotice({ trouble }: { readonly trouble: Trouble }) {
  const { severity, title, words, steps, settings } = trouble;
  return (
    <section class={`notice ${severity}`} data-trouble={severity}>
      <h2>{title}</h2>
      {words.map((word) => <p key={word}>{word}</p>)}
      {steps.length > 0 && <ol>{steps.map((step) => <li key={step}>{step}</li>)}</ol>}
      {settings !== null && (
        <p>
          <a class="button primary" href={settings}>Open Full Disk Access in System Settings</a>
        </p>
      )}
    </section>
  );
}
