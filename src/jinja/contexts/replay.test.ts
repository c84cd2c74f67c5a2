import { describe, expect, test } from 'vitest';
import { DatabaseError, type VeloError } from '../../core/errors.ts';
import { layeredContext } from '../context.ts';
import { render } from '../render.ts';
import { parseTemplate } from '../template.ts';
import { jinjaFunction, toText } from '../value.ts';
import { type AskDatabase, type Replay, renderAnswering } from './replay.ts';

const SPAN = { file: 'a.sql', line: 1, column: 1 };

/** `ask('select 1')` gives the message of the answer. */
const rendering = (
  text: string,
  more: (replay: Replay) => Record<string, unknown> = () => ({}),
) => {
  const template = parseTemplate({ file: 'a.sql', text });
  return (replay: Replay) => {
    const ask = jinjaFunction(
      'ask',
      ({ args, span }) =>
        replay.ask({ kind: 'query', sql: toText(args[0]), fetch: true, span }).message,
    );
    return render(template, layeredContext([{ ask, ...more(replay) }])).text;
  };
};

const answering =
  (sent: string[]): AskDatabase =>
  async (request) => {
    const sql = request.kind === 'query' ? request.sql : request.kind;
    sent.push(sql);
    return { message: `<${sql}>`, rowsAffected: undefined, table: undefined };
  };

describe('renderAnswering', () => {
  test('asks each question once, in order', async () => {
    const sent: string[] = [];
    const text = await renderAnswering(
      rendering(
        "{{ ask('a') }}{% for i in range(3) %}{{ ask('b' ~ i) }}{% endfor %}{{ ask('a') }}",
      ),
      answering(sent),
    );
    expect(text).toBe('<a><b0><b1><b2><a>');
    expect(sent).toEqual(['a', 'b0', 'b1', 'b2', 'a']);
  });

  test('renders once when nothing is asked', async () => {
    let attempts = 0;
    const text = await renderAnswering(() => {
      attempts += 1;
      return 'plain';
    }, answering([]));
    expect([text, attempts]).toEqual(['plain', 1]);
  });

  test('what is said is said once, and in order', async () => {
    const said: string[] = [];
    const say = (replay: Replay) => ({
      say: jinjaFunction('say', ({ args }) => {
        replay.once(() => said.push(toText(args[0])));
        return '';
      }),
    });
    const text =
      "{{ say('1') }}{% set x = ask('a') %}{{ say('2' ~ x) }}{{ ask('b') }}{{ say('3') }}";
    await renderAnswering(rendering(text, say), answering([]));
    expect(said).toEqual(['1', '2<a>', '3']);
  });

  test('what is remembered stays, so that a query may hold the time', async () => {
    let clock = 0;
    const now = (replay: Replay) => ({
      now: jinjaFunction('now', () => replay.remember(() => ++clock)),
    });
    const sent: string[] = [];
    const text = await renderAnswering(
      rendering('{{ ask(now()) }}{{ ask(now()) }}{{ now() }}', now),
      answering(sent),
    );
    expect([text, sent]).toEqual(['<1><2>3', ['1', '2']]);
  });

  test('a template that asks by chance is refused', async () => {
    let chance = 0;
    const attempt = rendering('{{ ask(chance()) }}', () => ({
      chance: jinjaFunction('chance', () => ++chance),
    }));
    await expect(renderAnswering(attempt, answering([]))).rejects.toThrow(
      'the template asks another query each time it is rendered',
    );
  });

  test('an error of the database stands where the template asked', async () => {
    const refuse: AskDatabase = async () => {
      throw new DatabaseError('database-error', 'no such table', 'x');
    };
    const text = "{% macro m() %}\n{{ ask('x') }}{% endmacro %}\n\n{{ m() }}";
    const error = await renderAnswering(rendering(text), refuse).catch((one: unknown) => one);
    expect(error).toMatchObject({
      message: 'no such table',
      span: { ...SPAN, line: 2, column: 4 },
      trace: [{ text: "macro 'm'", span: { line: 4 } }],
    } satisfies Partial<Record<keyof VeloError, unknown>>);
  });
});
