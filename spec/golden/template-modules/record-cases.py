"""Records what Python answers: dt, re, pytz, it are the modules dbt gives templates.

pip install jinja2 pytz pyyaml dbt-common, then: python record-cases.py > cases.json
"""
import datetime, decimal, itertools, json, re

import pytz
import yaml
from dbt_common.clients import agate_helper
from jinja2 import Environment

MODULES = r'''
{{ dt.datetime(2024,2,29,13,5,6,789) }}
{{ dt.datetime(2024,2,29,13,5,6,789).isoformat() }}
{{ dt.datetime(2024,2,29).isoformat(' ') }}|{{ dt.datetime(2024,2,29,1).isoformat(timespec='milliseconds') }}
{{ dt.date(2024,1,31) + dt.timedelta(days=30) }}
{{ dt.date(2024,3,1) - dt.date(2024,2,1) }}|{{ (dt.date(2024,3,1) - dt.date(2024,2,1)).days }}
{{ dt.datetime(2024,3,1) - dt.timedelta(hours=1, microseconds=1) }}
{{ dt.datetime(2024,1,1).strftime('%Y-%m-%d %H:%M:%S.%f %j %a %A %b %B %y %I %p %U %W %V %G %u %w %% %-d %-m %e %D %T %F %c') }}
{{ dt.date(2021,1,3).strftime('%U %W %V %G') }} {{ dt.date(2024,12,30).isocalendar()[1] }} {{ dt.date(2024,12,30).weekday() }}
{{ dt.datetime.strptime('2024-01-31 13:45:10.5', '%Y-%m-%d %H:%M:%S.%f') }}
{{ dt.datetime.strptime('31/Jan/24 01:45 PM', '%d/%b/%y %I:%M %p') }}
{{ dt.datetime.strptime('20240131', '%Y%m%d').date() }}
{{ dt.datetime.strptime('2024-01-31T00:00:00+0530', '%Y-%m-%dT%H:%M:%S%z') }}
{{ dt.date.fromisoformat('2024-02-29').replace(year=2023, day=28) }}
{{ dt.timedelta(days=-1, seconds=3) }}|{{ dt.timedelta(seconds=90061.5) }}|{{ dt.timedelta(weeks=1) * 2 }}|{{ dt.timedelta(days=3) / dt.timedelta(hours=5) }}|{{ dt.timedelta(days=3) // 2 }}
{{ dt.timedelta(hours=25).total_seconds() }}|{{ dt.timedelta(hours=25).seconds }}|{{ -dt.timedelta(hours=1) }}
{{ [dt.date(2024,1,2), dt.date(2023,5,6)] | sort }}
{{ dt.date(2024,1,2) < dt.date(2024,1,3) }} {{ dt.date(2024,1,2) == dt.date(2024,1,2) }} {{ dt.datetime(2024,1,1) > dt.datetime(2023,1,1) }}
{{ [dt.timedelta(days=1), dt.datetime(2024,1,2,3,4), dt.time(4,5)] }}
{{ dt.datetime(2024,7,1,12, tzinfo=pytz.utc).astimezone(pytz.timezone('America/New_York')) }}
{{ pytz.timezone('Asia/Hong_Kong').localize(dt.datetime(2024,1,1)) }}
{{ pytz.timezone('Europe/Berlin').localize(dt.datetime(2024,7,1)).strftime('%z %Z') }}
{{ dt.datetime(2024,1,1,tzinfo=dt.timezone.utc).timestamp() }} {{ dt.datetime.fromtimestamp(1700000000, dt.timezone.utc) }}
{{ dt.datetime(2024,1,1,tzinfo=dt.timezone(dt.timedelta(hours=8))) }} {{ pytz.timezone('Asia/Hong_Kong') }} {{ dt.timezone.utc }}
{{ dt.datetime.combine(dt.date(2024,1,2), dt.time(3,4)) }} {{ dt.date(2024,1,2).toordinal() }} {{ dt.datetime(2024,1,2).date() }} {{ dt.datetime(2024,1,2,3).time() }}
{{ re.match('(\\d+)-(\\w+)', '12-ab cd').groups() }} {{ re.match('b', 'abc') }} {{ re.search('b', 'abc').span() }}
{{ re.sub('(a)(b)?', '[\\1]', 'abaa') }} {{ re.findall('\\d', 'a1b2') }} {{ re.findall('(\\w)(\\d)', 'a1b2') }} {{ re.split('[,;]\\s*', 'a, b;c') }} {{ re.split('(-)', 'a-b-c', 1) }}
{{ re.compile('^x.*$', re.I).match('Xyz').group(0) }} {{ re.match('(?P<y>\\d{4})-(?P<m>\\d\\d)', '2024-05').groupdict() }} {{ re.search('(?i)HELLO', 'say hello').group() }}
{{ re.sub('\\s+', ' ', ' a  b\\n c ') }} {{ re.escape('a.b*c_d') }} {{ re.findall('^a', 'a\\na', re.M) }} {{ re.findall('a$', 'a\\na\\n') }} {{ re.search('a.b', 'a\\nb') }} {{ re.search('a.b', 'a\\nb', re.S) is not none }}
{{ re.sub('x*', '-', 'abxd') }} {{ re.subn('a', 'b', 'aXa', 1) }} {{ re.fullmatch('[a-z]+', 'abc1') }} {{ re.match('[^]a]+', 'xyz]').group() }} {{ re.search('\\bfoo\\b', 'a foo b').start() }}
{{ it.product([1,2],['a','b']) | list }} {{ it.combinations('abc', 2) | list }} {{ it.permutations([1,2,3], 2) | list }} {{ it.chain([1],[2,3]) | list }} {{ it.chain.from_iterable([[1],[2]]) | list }}
{{ it.zip_longest([1,2],[3], fillvalue='x') | list }} {{ it.accumulate([1,2,3]) | list }} {{ it.islice(it.count(5, 2), 3) | list }} {{ it.islice(it.cycle('ab'), 1, 6, 2) | list }} {{ it.repeat(7, 2) | list }} {{ it.compress('abc',[1,0,1]) | list }} {{ it.combinations_with_replacement('ab',2) | list }} {{ it.product([0,1], repeat=2) | list }}
'''

COLUMNS = ['id', 'name', 'price', 'ratio', 'on', 'day', 'at']
ROWS = [
    [1, 'b', decimal.Decimal('1.50'), 0.5, True, datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4, 5)],
    [2, 'a', decimal.Decimal('20.00'), 2.0, False, datetime.date(2023, 1, 2), None],
    [3, None, None, 1e20, None, None, datetime.datetime(2024, 1, 2, 3, 4, 5, 600000)],
]

TABLES = r'''
{{ t.columns[0].values() }} {{ t.columns['name'].values() }} {{ t.columns.get('price').values() }}
{{ t.columns[2].values()[0] }} {{ t.columns[3].values()[0] }} {{ t.columns[3].values()[1] }} {{ t.columns[0].values()[0] + 1 }}
{{ t.columns[2].values()[0] + 1 }} {{ t.columns[2].values()[0] * 3 }} {{ t.columns[2].values()[0] / 7 }} {{ t.columns[2].values()[0] > 1 }} {{ t.columns[2].values()[1] | int }} {{ t.columns[2].values()[0] | float }}
{{ t.rows[0][1] }} {{ t.rows[0]['id'] }} {{ t.rows[0].values() }} {{ t.rows[0].dict()['name'] }} {{ t.rows[1].values() }}
{{ t.column_names }} {{ t | length }} {{ t.rows | length }} {{ t.columns | length }} {{ t.column_names | join(',') }}
{% for row in t.rows %}{{ row['id'] }}={{ row.name }};{% endfor %}{% for row in t %}{{ row[0] }}{% endfor %}
{% for c in t.columns %}{{ c.name }}:{{ c.index }} {% endfor %}
{{ t.rename(['p', 'q', 'r', 's', 't', 'u', 'v']).column_names }} {{ t.rename({'id': 'key'}).column_names }} {{ t.select(['id', 'on']).rows[1].values() }} {{ t.exclude(['id']).column_names }}
{{ t.order_by('name').columns[0].values() }} {{ t.order_by('price', reverse=true).columns[0].values() }} {{ t.limit(2).columns[0].values() }}
{{ t.columns['on'].values() }} {{ t.columns['day'].values() }} {{ t.columns['at'].values()[0] }} {{ t.columns['day'].values()[0].year }}
{{ t.columns['name'].values_without_nulls() }} {{ t.columns['on'].values_distinct() | length }} {{ t.rows[0].get('zz', 'none') }} {{ 2 in t.columns[0].values() }}
{{ t.rows | map(attribute='id') | list }} {{ t.columns[0].values() | list }} {{ t.columns[0].values() | sum }}
'''

YAML = [
    {'k': [1]}, {'b': 1, 'a': [1, None]}, {'a': {}}, {'a': []}, 'text', 1.0, 1e20, 1e-7, 'multi\nline\n',
    [1, 2.5, True, None, 'x', 'yes', '1', '', 'a: b', 'a\nb', '- x', '#c', '2024-01-01', '~', 'null', "it's", '"q"',
     ' lead', 'trail ', 'e\u00e9', '1e3', '0x1f', 'a,b', '{x}', '[x]', '@x', '%x', '!x', '&x', '*x', '?x', '|', '>',
     '`x', 'x:', 'x #y', ':x', '-', '1:30', '.5', '=', '<<', 'tab\tx'],
    ' '.join(['word'] * 40), {'nested': {'list': [{'a': 1, 'b': 2}, [1, 2], []]}}, [' '.join(['word'] * 20)],
]

LOADED = [
    '{a: [1, {b: null}], b: 1.0, c: yes}', 'a: 2024-01-10\nb: 1_000\nc: 0o7\nd: 010\ne: 1e3\nf: 1.5e+3\ng: .inf\nh: 1:30',
    'x: &a {p: 1}\ny:\n  <<: *a\n  q: 2', "- 'yes'\n- \"no\"\n- off\n- ~\n- 2001-12-14 21:59:43", '', '[1, 2', 'plain text',
    '0x1F', '-.5', '? a\n: b',
]


def answer(text, names):
    try:
        return Environment().from_string(text).render(**names)
    except Exception as error:
        return f'{type(error).__name__}: {error}'


def loaded(text):
    try:
        return repr(yaml.safe_load(text))
    except yaml.YAMLError:
        return 'not YAML'


modules = {'dt': datetime, 're': re, 'pytz': pytz, 'it': itertools}
table = agate_helper.table_from_data_flat([dict(zip(COLUMNS, row)) for row in ROWS], COLUMNS)
lines = lambda text: text.strip('\n').split('\n')
print(json.dumps({
    'modules': [[text, answer(text, modules)] for text in lines(MODULES)],
    'tables': [[text, answer(text, {'t': table})] for text in lines(TABLES)],
    'dump': [[value, yaml.safe_dump(value, sort_keys=False)] for value in YAML],
    'load': [[text, loaded(text)] for text in LOADED],
}, indent=1, ensure_ascii=False))
