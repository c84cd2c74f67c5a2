export type ParameterType = 'int' | 'number' | 'boolean' | 'text' | 'ints' | 'numbers' | 'texts';

/** One of LightGBM's parameters: its bounds as LightGBM writes them (`>=0.0`), and what it may be when it is one of a list. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly aliases: readonly string[];
  readonly checks: readonly string[];
  readonly options: readonly string[];
}

/** All parameters LightGBM 4.7.0 knows, by name. */
export function parameterList(): Parameter[] {
  const words = (text: string | undefined) => text?.split(' ').filter((word) => word !== '') ?? [];
  return TABLE.trim()
    .split('\n')
    .map((row) => {
      const [name = '', type = '', aliases, checks, options] = row.split('|');
      return {
        name: name.trim(),
        type: type.trim() as ParameterType,
        aliases: words(aliases),
        checks: words(checks),
        options: words(options),
      };
    });
}

// name | type | aliases | bounds | options, from LightGBM's config.h (MIT, LightGBM developers). Written by scripts/lightgbm.
const TABLE = `
config | text | config_file |  |
task | text | task_type |  | train predict convert_model refit
objective | text | objective_type app application loss |  | regression regression_l1 huber fair poisson quantile mape gamma tweedie binary multiclass multiclassova cross_entropy cross_entropy_lambda lambdarank rank_xendcg
boosting | text | boosting_type boost |  | gbdt rf dart
data_sample_strategy | text |  |  | bagging goss
data | text | train train_data train_data_file data_filename |  |
valid | texts | test valid_data valid_data_file test_data test_data_file valid_filenames |  |
num_iterations | int | num_iteration n_iter num_tree num_trees num_round num_rounds nrounds num_boost_round n_estimators max_iter | >=0 |
learning_rate | number | shrinkage_rate eta | >0.0 |
num_leaves | int | num_leaf max_leaves max_leaf max_leaf_nodes | >1 <=131072 |
tree_learner | text | tree tree_type tree_learner_type |  | serial feature data voting
num_threads | int | num_thread nthread nthreads n_jobs |  |
device_type | text | device |  | cpu gpu cuda
seed | int | random_seed random_state |  |
deterministic | boolean |  |  |
force_col_wise | boolean |  |  |
force_row_wise | boolean |  |  |
histogram_pool_size | number | hist_pool_size |  |
max_depth | int |  |  |
min_data_in_leaf | int | min_data_per_leaf min_data min_child_samples min_samples_leaf | >=0 |
min_sum_hessian_in_leaf | number | min_sum_hessian_per_leaf min_sum_hessian min_hessian min_child_weight | >=0.0 |
bagging_fraction | number | sub_row subsample bagging | >0.0 <=1.0 |
pos_bagging_fraction | number | pos_sub_row pos_subsample pos_bagging | >0.0 <=1.0 |
neg_bagging_fraction | number | neg_sub_row neg_subsample neg_bagging | >0.0 <=1.0 |
bagging_freq | int | subsample_freq |  |
bagging_seed | int | bagging_fraction_seed |  |
bagging_by_query | boolean |  |  |
feature_fraction | number | sub_feature colsample_bytree | >0.0 <=1.0 |
feature_fraction_bynode | number | sub_feature_bynode colsample_bynode | >0.0 <=1.0 |
feature_fraction_seed | int |  |  |
extra_trees | boolean | extra_tree |  |
extra_seed | int |  |  |
early_stopping_round | int | early_stopping_rounds early_stopping n_iter_no_change |  |
early_stopping_min_delta | number |  | >=0.0 |
first_metric_only | boolean |  |  |
max_delta_step | number | max_tree_output max_leaf_output |  |
lambda_l1 | number | reg_alpha l1_regularization | >=0.0 |
lambda_l2 | number | reg_lambda lambda l2_regularization | >=0.0 |
linear_lambda | number |  | >=0.0 |
min_gain_to_split | number | min_split_gain | >=0.0 |
drop_rate | number | rate_drop | >=0.0 <=1.0 |
max_drop | int |  |  |
skip_drop | number |  | >=0.0 <=1.0 |
xgboost_dart_mode | boolean |  |  |
uniform_drop | boolean |  |  |
drop_seed | int |  |  |
top_rate | number |  | >=0.0 <=1.0 |
other_rate | number |  | >=0.0 <=1.0 |
min_data_per_group | int |  | >0 |
max_cat_threshold | int |  | >0 |
cat_l2 | number |  | >=0.0 |
cat_smooth | number |  | >=0.0 |
max_cat_to_onehot | int |  | >0 |
top_k | int | topk | >0 |
monotone_constraints | ints | mc monotone_constraint monotonic_cst |  |
monotone_constraints_method | text | monotone_constraining_method mc_method |  | basic intermediate advanced
monotone_penalty | number | monotone_splits_penalty ms_penalty mc_penalty | >=0.0 |
feature_contri | numbers | feature_contrib fc fp feature_penalty |  |
forcedsplits_filename | text | fs forced_splits_filename forced_splits_file forced_splits |  |
refit_decay_rate | number |  | >=0.0 <=1.0 |
cegb_tradeoff | number |  | >=0.0 |
cegb_penalty_split | number |  | >=0.0 |
cegb_penalty_feature_lazy | numbers |  |  |
cegb_penalty_feature_coupled | numbers |  |  |
path_smooth | number |  | >=0.0 |
interaction_constraints | text |  |  |
verbosity | int | verbose |  |
input_model | text | model_input model_in |  |
output_model | text | model_output model_out |  |
saved_feature_importance_type | int |  |  |
snapshot_freq | int | save_period |  |
use_quantized_grad | boolean |  |  |
num_grad_quant_bins | int |  |  |
quant_train_renew_leaf | boolean |  |  |
stochastic_rounding | boolean |  |  |
linear_tree | boolean | linear_trees |  |
max_bin | int | max_bins | >1 |
max_bin_by_feature | ints |  |  |
min_data_in_bin | int |  | >0 |
bin_construct_sample_cnt | int | subsample_for_bin | >0 |
data_random_seed | int | data_seed |  |
is_enable_sparse | boolean | is_sparse enable_sparse sparse |  |
enable_bundle | boolean | is_enable_bundle bundle |  |
use_missing | boolean |  |  |
zero_as_missing | boolean |  |  |
feature_pre_filter | boolean |  |  |
pre_partition | boolean | is_pre_partition |  |
two_round | boolean | two_round_loading use_two_round_loading |  |
header | boolean | has_header |  |
label_column | text | label |  |
weight_column | text | weight |  |
group_column | text | group group_id query_column query query_id |  |
ignore_column | texts | ignore_feature blacklist |  |
categorical_feature | texts | cat_feature categorical_column cat_column categorical_features |  |
forcedbins_filename | text |  |  |
save_binary | boolean | is_save_binary is_save_binary_file |  |
precise_float_parser | boolean |  |  |
parser_config_file | text |  |  |
start_iteration_predict | int |  |  |
num_iteration_predict | int |  |  |
predict_raw_score | boolean | is_predict_raw_score predict_rawscore raw_score |  |
predict_leaf_index | boolean | is_predict_leaf_index leaf_index |  |
predict_contrib | boolean | is_predict_contrib contrib |  |
predict_disable_shape_check | boolean |  |  |
pred_early_stop | boolean |  |  |
pred_early_stop_freq | int |  |  |
pred_early_stop_margin | number |  |  |
output_result | text | predict_result prediction_result predict_name prediction_name pred_name name_pred |  |
convert_model_language | text |  |  |
convert_model | text | convert_model_file |  |
objective_seed | int |  |  |
num_class | int | num_classes | >0 |
is_unbalance | boolean | unbalance unbalanced_sets |  |
scale_pos_weight | number |  | >0.0 |
sigmoid | number |  | >0.0 |
boost_from_average | boolean |  |  |
reg_sqrt | boolean |  |  |
alpha | number |  | >0.0 |
fair_c | number |  | >0.0 |
poisson_max_delta_step | number |  | >0.0 |
tweedie_variance_power | number |  | >=1.0 <2.0 |
lambdarank_truncation_level | int |  | >0 |
lambdarank_norm | boolean |  |  |
label_gain | numbers |  |  |
lambdarank_position_bias_regularization | number |  | >=0.0 |
metric | texts | metrics metric_types |  |
metric_freq | int | output_freq | >0 |
is_provide_training_metric | boolean | training_metric is_training_metric train_metric |  |
eval_at | ints | ndcg_eval_at ndcg_at map_eval_at map_at |  |
multi_error_top_k | int |  | >0 |
auc_mu_weights | numbers |  |  |
num_machines | int | num_machine | >0 |
local_listen_port | int | local_port port | >0 |
time_out | int |  | >0 |
machine_list_filename | text | machine_list_file machine_list mlist |  |
machines | text | workers nodes |  |
gpu_platform_id | int |  |  |
gpu_device_id | int |  |  |
gpu_device_id_list | text |  |  |
gpu_use_dp | boolean |  |  |
num_gpu | int |  | >0 |
`;
