import type { PARTS } from './compare-shop.ts';
import type { Exception } from './comparison.ts';

/** What is not as dbt has it, on purpose. The test fails when an entry is no longer needed. */
export const EXPECTED_DIFFERENCES: Readonly<Record<keyof typeof PARTS, readonly Exception[]>> = {
  manifest: [
    {
      section: 'nodes',
      path: 'unrendered_config.unique_key',
      ids: /^model\.shop\.fct_events_daily$/,
      reason: 'a condition is kept as its text; dbt prints the tree its parser made of it',
    },
    {
      section: 'nodes',
      path: 'unrendered_config',
      ids: /\.(rpt_settings|raw_products|customers_check)$/,
      reason: 'lists of YAML stand once; dbt adds them to themselves when it reads the entry again',
    },
    {
      section: 'disabled',
      path: 'unrendered_config',
      ids: /^function\.shop\.net_price$/,
      reason: 'functions have settings of their own; dbt shows those of models, which do not apply',
    },
    {
      section: 'groups',
      path: 'config',
      reason: 'a group has no materialization or tags; dbt copies those of models in its folder',
    },
    {
      section: 'group_map',
      path: 'value',
      ids: /^ops$/,
      reason:
        'the same members in the order of their files; dbt puts versions into that of their YAML',
    },
  ],
  ls: [],
  compiled: [],
  'compiled-manifest': [
    {
      section: 'compiled-manifest',
      path: '',
      ids: /\.rpt_py$/,
      reason: 'velo reads models in Python and never compiles them',
    },
    {
      section: 'compiled-manifest',
      path: '',
      ids: /\.not_null_rpt_revenue_status\./,
      reason: 'the model asks the database, so this part leaves it out with its test',
    },
    {
      section: 'compiled-manifest',
      path: '',
      ids: /\.(fct_events_daily|top_customers)$/,
      reason:
        'a build compiles a microbatch model batch by batch, and no analysis: the record is of one',
    },
  ],
  'compiled-after-build': [],
  compile: [],
};
