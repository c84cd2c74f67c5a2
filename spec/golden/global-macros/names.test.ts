import { describe, expect, it } from 'vitest';
import { duck } from './harness.ts';

describe('names of nodes', () => {
  it.each([
    [`dbt.generate_schema_name(none, {})`, 'main'],
    [`dbt.generate_schema_name(' mart ', {})`, 'main_mart'],
    [`dbt.generate_schema_name_for_env('mart', {})`, 'main'],
    [`dbt.generate_database_name(none, {})`, 'shop'],
    [`dbt.generate_database_name(' other ', {})`, 'other'],
    [`dbt.generate_alias_name(none, {'name': 'm'})`, 'm'],
    [`dbt.generate_alias_name(' a ', {'name': 'm'})`, 'a'],
    [`dbt.generate_alias_name(none, {'name': 'm', 'version': 1.5})`, 'm_v1_5'],
    [`dbt.generate_latest_version_pointer_alias(none, {'name': 'm', 'version': 2})`, 'm'],
  ])('%s is %s', async (expression, expected) => {
    expect(await duck().evaluate(expression)).toBe(expected);
  });

  it('leave the target schema alone in production', async () => {
    const prod = duck({ target: { name: 'prod', schema: 'main' } });
    expect(await prod.evaluate(`dbt.generate_schema_name_for_env('mart', {})`)).toBe('mart');
  });
});
