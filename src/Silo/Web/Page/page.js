'use strict';

// Text of mail is shown as text: every element is made here, and filled by textContent alone.
const PAGE = 50;
const POLL = 400;
const element = id => document.getElementById(id);
const number = value => value.toLocaleString('en');
const state = { id: null, filters: [], upload: null, starts: [0], next: null, opener: null };

function make(name, options, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(options ?? {})) {
    if (key === 'text') { made.textContent = value; } else { made.setAttribute(key, value); }
  }

  made.append(...children);
  return made;
}

async function call(method, path, options) {
  const answer = await fetch(`preview/${path}`, { method, ...options });
  const body = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) {
    throw new Error(body?.detail ?? `The server answered ${answer.status}.`);
  }

  return body;
}

function show(id, visible) { element(id).hidden = !visible; }

function tell(problem) { element('problem').textContent = problem ?? ''; }

function busy(isBusy) {
  show('stop', isBusy);
  show('progress', isBusy);
  element('start').disabled = isBusy;
}

async function close() {
  const id = state.id;
  state.id = null;
  if (id) {
    await call('DELETE', `sessions/${id}`, { keepalive: true }).catch(() => {});
  }
}

async function start(files) {
  tell();
  if (files.length !== 1) {
    tell(files.length === 0 ? 'Choose a file first.' : 'One file at a time. A folder of mails: emailtracking preview FOLDER');
    return;
  }

  state.upload?.abort();
  await close();
  show('result', false);
  show('mail', false);
  busy(true);
  const file = files[0];
  const upload = state.upload = new AbortController();
  try {
    const opened = await call('POST', 'sessions', {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ mailbox: element('mailbox').value.trim() || null, queue: element('queue').checked, size: file.size }),
    });
    [state.id, state.filters] = [opened.id, opened.filters];
    await feed(file, upload);
    const summary = await call('GET', `sessions/${state.id}`);
    write(summary);
    element('status').textContent = `Done: ${number(summary.decided)} mails.`;
    element('differing').checked = summary.differing > 0;
    show('result', true);
    await list(0, true);
  } catch (problem) {
    element('status').textContent = '';
    tell(upload.signal.aborted ? 'Stopped. Nothing was changed.' : problem.message);
    await close();
  } finally {
    if (state.upload === upload) {
      state.upload = null;
      busy(false);
    }
  }
}

async function feed(file, upload) {
  const id = state.id;
  let done = false;
  const sent = call('PUT', `sessions/${id}/file?name=${encodeURIComponent(file.name)}`, { body: file, signal: upload.signal })
    .finally(() => { done = true; });
  sent.catch(() => {});
  while (!done) {
    await Promise.race([sent.catch(() => {}), new Promise(resolve => setTimeout(resolve, POLL))]);
    if (!done) {
      progress(await call('GET', `sessions/${id}`), file.size);
    }
  }

  try {
    await sent;
  } catch (problem) {
    // When the server refuses a file before its end, the browser may know no more than that the connection is gone.
    const now = upload.signal.aborted ? null : await call('GET', `sessions/${id}`).catch(() => null);
    throw now?.problem ? new Error(now.problem) : problem;
  }
}

function progress(now, size) {
  const bar = element('progress');
  [bar.max, bar.value] = [Math.max(size, 1), now.bytes];
  element('status').textContent = `${megabytes(now.bytes)} of ${megabytes(size)} MB read, ${number(now.decided)} mails decided`;
  if (now.decided > 0) {
    write(now);
  }
}

function megabytes(bytes) { return (bytes / 1048576).toFixed(1); }

function write(summary) {
  element('notes').replaceChildren(...summary.notes.map(note => make('li', { text: note })));
  element('problems').replaceChildren(...summary.problems.map(one => make('li', { text: `${one.source}: ${one.advice}` })));
  const head = make('tr', {}, make('th', { scope: 'col', text: 'Mails' }), ...filterHeads());
  const rows = summary.rows.map(row => make('tr', {},
    make('th', { scope: 'row', text: row.name }),
    ...row.counts.map(count => make('td', { class: 'number', text: number(count) }))));
  element('tallies').replaceChildren(make('thead', {}, head), make('tbody', {}, ...rows));
  show('result', true);
}

function filterHeads() {
  return state.filters.map((name, filter) => make('th', { scope: 'col' }, `Filter ${filter}`, make('span', { class: 'why', text: name })));
}

async function list(after, isFirst) {
  if (isFirst) {
    state.starts = [0];
  }

  const differing = element('differing').checked;
  const mails = await call('GET', `sessions/${state.id}/mails?after=${after}&count=${PAGE + 1}&differing=${differing}`);
  const shown = mails.slice(0, PAGE);
  state.next = mails.length > PAGE ? shown[PAGE - 1].number : null;
  const head = make('tr', {}, ...['Sent', 'From', 'Subject'].map(text => make('th', { scope: 'col', text })), ...filterHeads());
  element('mails').replaceChildren(
    make('caption', { text: shown.length === 0 ? 'There are none.' : 'A subject opens the reasons and the thread.' }),
    make('thead', {}, head),
    make('tbody', {}, ...shown.map(row)));
  element('previous').disabled = state.starts.length < 2;
  element('next').disabled = state.next === null;
}

function row(mail) {
  const open = make('button', { type: 'button', text: mail.subject || '(no subject)' });
  open.addEventListener('click', () => explain(mail.number, open).catch(problem => tell(problem.message)));
  return make('tr', {},
    make('td', { text: mail.sent }),
    make('td', { text: mail.sender }),
    make('td', {}, open),
    ...mail.verdicts.map(verdict => make('td', {},
      make('span', { class: verdict.kind, text: verdict.outcome }),
      make('span', { class: 'why', text: verdict.why }))));
}

async function explain(mail, opener) {
  const told = await call('GET', `sessions/${state.id}/mails/${mail}`);
  state.opener = opener;
  element('mail-title').textContent = told.mail.subject || '(no subject)';
  element('mail-facts').textContent = `${told.mail.sender}, ${told.mail.sent}, ${told.mail.source}`;
  element('reasons').replaceChildren(...told.filters.map(article));
  show('result', false);
  show('mail', true);
  element('mail-title').focus();
}

function article(told, filter) {
  const thread = told.thread.length === 0 ? [] : [
    make('h4', { text: `Its thread, ${number(told.threadCount)} emails` }),
    tree(told.thread),
  ];
  return make('article', {},
    make('h3', { text: `Filter ${filter}: ${state.filters[filter]}` }),
    make('ul', {}, ...told.sentences.map(text => make('li', { text }))),
    ...thread);
}

// The emails come in the order in which they are shown, each with its depth.
function tree(emails) {
  const root = make('ul');
  const open = [root];
  for (const email of emails) {
    const item = make('li', {}, make('span', {
      class: email.isHere ? 'here' : 'other',
      text: `${email.sent}, ${email.sender}: ${email.subject}${email.isHeld ? ' (held)' : ''}${email.isHere ? ' (this mail)' : ''}`,
    }));
    open.length = Math.min(open.length, email.depth + 1);
    open[open.length - 1].append(item);
    const below = make('ul');
    item.append(below);
    open.push(below);
  }

  for (const empty of root.querySelectorAll('ul:empty')) {
    empty.remove();
  }

  return root;
}

function step(after) { list(after, after === 0).catch(problem => tell(problem.message)); }

element('form').addEventListener('submit', event => { event.preventDefault(); start([...element('file').files]); });
element('file').addEventListener('change', () => start([...element('file').files]));
element('stop').addEventListener('click', () => state.upload?.abort());
element('differing').addEventListener('change', () => step(0));
element('next').addEventListener('click', () => { state.starts.push(state.next); step(state.next); });
element('previous').addEventListener('click', () => { state.starts.pop(); step(state.starts[state.starts.length - 1]); });
element('back').addEventListener('click', () => { show('mail', false); show('result', true); state.opener?.focus(); });
window.addEventListener('pagehide', () => { close(); });
const drop = element('drop');
for (const [name, over] of [['dragenter', true], ['dragover', true], ['dragleave', false], ['drop', false]]) {
  document.addEventListener(name, event => { event.preventDefault(); drop.classList.toggle('over', over); });
}

document.addEventListener('drop', event => start([...event.dataTransfer.files]));
