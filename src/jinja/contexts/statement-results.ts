import { ProjectError } from '../../core/errors.ts';
import { isTruthy } from '../python/types.ts';
import { toText, type Value } from '../value.ts';
import { responseValue } from './adapter-value.ts';
import { tableRows } from './agate-table.ts';
import { recordValue, signedFunctions } from './record-value.ts';

/** `store_result`, `store_raw_result` and `load_result`: results of statements by name, for one render. */
export function statementResults(): Readonly<Record<string, Value>> {
  const results = new Map<string, Value>();
  const store = (name: Value, response: Value, table: Value): '' => {
    const parts = { response, table, data: tableRows(table) };
    results.set(toText(name), recordValue('Result', parts));
    return '';
  };
  return signedFunctions({
    store_result: [
      'name response agate_table?',
      ({ name, response, agate_table }) => store(name, response, agate_table ?? null),
    ],
    store_raw_result: [
      'name message? code? rows_affected? agate_table?',
      (given) => {
        const message = given['message'] ?? given['code'];
        const rows = given['rows_affected'];
        const response = responseValue({
          message: isTruthy(message) ? toText(message) : '',
          rowsAffected: typeof rows === 'number' ? rows : undefined,
        });
        return store(given['name'], response, given['agate_table'] ?? null);
      },
    ],
    load_result: [
      'name',
      ({ name }, { span }) => {
        const result = results.get(toText(name));
        if (result !== undefined) return result;
        throw new ProjectError(
          'macro-error',
          `there is no result of a statement '${toText(name)}'`,
          {
            span,
            hint: `make it first: {% call statement('${toText(name)}', fetch_result=true) %}…{% endcall %}`,
          },
        );
      },
    ],
  });
}
