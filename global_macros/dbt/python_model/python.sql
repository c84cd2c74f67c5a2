{#
  Python that stands around a model in Python: what the model's `dbt` object answers. velo runs no
  Python; adapters and packages that write such scripts call these.
#}

{# A relation's name, to be put into a Python text. #}
{% macro resolve_model_name(input_model_name) -%}
    {{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}
{%- endmacro %}

{% macro default__resolve_model_name(input_model_name) -%}
    {{ return(input_model_name | string | replace('"', '\\"')) }}
{%- endmacro %}

{% macro build_ref_function(model) -%}
    {%- set relations = {} -%}
    {%- for asked in model.refs -%}
        {%- set name = [asked.package, asked.name] if asked.package else [asked.name] -%}
        {%- set found = ref(*name, version=asked.version) if asked.version is not none else ref(*name) -%}
        {%- set key = name | join('.') ~ ('.v' ~ asked.version if asked.version is not none else '') -%}
        {%- do relations.update({key: resolve_model_name(found)}) -%}
    {%- endfor -%}
def ref(*names, **options):
    relations = {{ '{' }}{% for key, relation in relations.items() %}"{{ key }}": "{{ relation }}"{{ ', ' if not loop.last }}{% endfor %}{{ '}' }}
    key = ".".join(names)
    version = options.get("v") or options.get("version")
    if version is not None:
        key += ".v" + str(version)
    return options["dbt_load_df_function"](relations[key])
{%- endmacro %}

{% macro build_source_function(model) -%}
    {%- set relations = {} -%}
    {%- for asked in model.sources -%}
        {%- do relations.update({asked | join('.'): resolve_model_name(source(*asked))}) -%}
    {%- endfor -%}
def source(*names, dbt_load_df_function):
    relations = {{ '{' }}{% for key, relation in relations.items() %}"{{ key }}": "{{ relation }}"{{ ', ' if not loop.last }}{% endfor %}{{ '}' }}
    return dbt_load_df_function(relations[".".join(names)])
{%- endmacro %}

{# The configs that the model reads, with the defaults it gives where they are not set. #}
{% macro build_config_dict(model) -%}
    {%- set configured = model.config -%}
    {%- set defaults = configured.config_keys_defaults or [] -%}
    {%- set values = {} -%}
    {%- for key in configured.config_keys_used or [] -%}
        {%- do values.update({key: configured.get(key, defaults[loop.index0] if loop.index0 < defaults | length else none)}) -%}
    {%- endfor -%}
config_dict = {{ values }}
{%- endmacro %}

{# A place for adapters to add lines to the end of the script. #}
{% macro py_script_comment() -%}
{%- endmacro %}

{% macro py_script_postfix(model) -%}
{{ build_ref_function(model) }}


{{ build_source_function(model) }}


{{ build_config_dict(model) }}


class config:
    def __init__(self, *args, **kwargs):
        pass

    @staticmethod
    def get(key, default=None):
        value = config_dict.get(key)
        return default if value is None else value


class this:
    database = "{{ this.database }}"
    schema = "{{ this.schema }}"
    identifier = "{{ this.identifier }}"

    def __repr__(self):
        return "{{ resolve_model_name(this) }}"


class dbtObj:
    def __init__(self, load_df_function):
        self.ref = lambda *names, **options: ref(*names, **options, dbt_load_df_function=load_df_function)
        self.source = lambda *names: source(*names, dbt_load_df_function=load_df_function)
        self.config = config
        self.this = this()
        self.is_incremental = {{ is_incremental() }}
{{ py_script_comment() }}
{%- endmacro %}
