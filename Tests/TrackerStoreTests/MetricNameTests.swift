import Testing
import TrackerStore

@Suite("What is known of a metric by its name")
struct MetricNameTests {
  /// Names that frameworks and people use: role, quantity, direction; `-` for what nobody can know.
  static let table = """
    loss                                 -          loss        min
    val_loss                             validation loss        min
    accuracy                             -          accuracy    max
    val_accuracy                         validation accuracy    max
    val_acc                              validation accuracy    max
    valAcc                               validation accuracy    max
    valacc                               validation accuracy    max
    val/acc                              validation accuracy    max
    train/loss                           train      loss        min
    loss.train                           train      loss        min
    Loss/train                           train      loss        min
    Accuracy/test                        test       accuracy    max
    loss/validation                      validation loss        min
    trainLoss                            train      loss        min
    trainloss                            train      loss        min
    train_loss_step                      train      loss        min
    train_loss_epoch                     train      loss        min
    epoch_loss                           -          loss        min
    loss_mean                            -          loss        min
    loss_std                             -          statistic   -
    MultiClass                           -          loss        min
    test/MultiClass                      test       loss        min
    MultiClassOneVsAll                   -          loss        min
    MulticlassF1Score                    -          score       max
    accuracy_multiclass                  -          accuracy    max
    NDCG:top=10;type=Base                -          score       max
    learn/F1:class=0                     train      score       max
    MAE:alpha=0.5                        -          error       min
    brier_score                          -          error       min
    BrierScore                           -          error       min
    DaviesBouldinScore                   -          error       min
    smoothed-loss                        -          loss        min
    loss_per_token                       -          loss        min
    loss (total)                         -          loss        min
    total_loss                           -          loss        min
    eval_loss                            validation loss        min
    eval_f1                              validation score       max
    eval/f1-macro                        validation score       max
    eval_accuracy                        validation accuracy    max
    eval_runtime                         validation time        -
    eval_samples_per_second              validation throughput  -
    eval_steps_per_second                validation throughput  -
    train_runtime                        train      time        -
    train_samples_per_second             train      throughput  -
    total_flos                           -          count       -
    grad_norm                            -          norm        -
    gradNorm                             -          norm        -
    grad_norm/layer2                     -          norm        -
    gradientNorm                         -          norm        -
    gradients/dense_1/norm               -          norm        -
    gradients/loss_head/nonfinite        -          count       -
    weights/dense_1/norm                 -          statistic   -
    activations/relu_2/zero              -          statistic   -
    updates/loss_layer/ratio             -          statistic   -
    lr                                   -          rate        -
    learning_rate                        -          rate        -
    learningRate                         -          rate        -
    lr-Adam/pg1                          -          rate        -
    lr/pg0                               -          rate        -
    lr-SGD-momentum                      -          rate        -
    charts/learning_rate                 -          rate        -
    loss_scale                           -          rate        -
    loss_weight                          -          rate        -
    weight_decay                         -          rate        -
    temperature                          -          rate        -
    epoch                                -          count       -
    step                                 -          count       -
    global_step                          -          count       -
    trainer/global_step                  -          count       -
    iterations                           -          count       -
    _step                                -          count       -
    _runtime                             -          time        -
    _timestamp                           -          time        -
    num_tokens                           -          count       -
    tokens_seen                          -          count       -
    n_correct                            -          count       -
    num_errors                           -          count       -
    batch_size                           -          count       -
    evaluations                          -          count       -
    best_epoch                           -          count       -
    n_loss                               -          count       -
    system/gpu_mem_mb                    -          system      -
    system/cpu                           -          system      -
    system/gpu.0/utilization             -          system      -
    system.gpu.0.memory                  -          system      -
    gpu_memory_gb                        -          system      -
    peak_memory                          -          system      -
    mAP@50                               -          score       max
    mAP50-95(B)                          -          score       max
    metrics/mAP50(B)                     -          score       max
    metrics/precision(B)                 -          score       max
    metrics/recall(B)                    -          score       max
    train/box_loss                       train      loss        min
    val/cls_loss                         validation loss        min
    bbox_mAP_50                          -          score       max
    AP@[.5:.95]                          -          score       max
    mIoU                                 -          score       max
    val_mean_iou                         validation score       max
    dice                                 -          score       max
    val_dice_loss                        validation loss        min
    perplexity                           -          loss        min
    val_ppl                              validation loss        min
    test/perplexity                      test       loss        min
    bits_per_byte                        -          loss        min
    bpc                                  -          loss        min
    nll                                  -          loss        min
    val_nll                              validation loss        min
    negative_log_likelihood              -          loss        min
    log_likelihood                       -          score       max
    bleu                                 -          score       max
    BLEU-4                               -          score       max
    sacrebleu                            -          score       max
    rouge1                               -          score       max
    rougeL                               -          score       max
    eval_rougeLsum                       validation score       max
    chrF++                               -          score       max
    meteor                               -          score       max
    rmse                                 -          error       min
    val_rmse                             validation error       min
    RMSE                                 -          error       min
    mean_squared_error                   -          error       min
    val_mean_absolute_error              validation error       min
    mae                                  -          error       min
    neg_mean_squared_error               -          score       max
    neg_log_loss                         -          score       max
    smape                                -          error       min
    mape                                 -          error       min
    r2                                   -          score       max
    R2                                   -          score       max
    r2_score                             -          score       max
    R^2                                  -          score       max
    val_r2                               validation score       max
    layer2                               -          -           -
    conv2                                -          -           -
    layer2/weights                       -          statistic   -
    explained_variance                   -          score       max
    variance                             -          statistic   -
    auc                                  -          score       max
    roc_auc                              -          score       max
    val_auc                              validation score       max
    valAUC                               validation score       max
    pr-auc                               -          score       max
    auprc                                -          score       max
    AUROC                                -          score       max
    top1                                 -          accuracy    max
    top5                                 -          score       max
    top_5_accuracy                       -          accuracy    max
    top-1 err                            -          error       min
    acc@1                                -          accuracy    max
    acc1                                 -          accuracy    max
    Prec@1                               -          score       max
    recall@10                            -          score       max
    precision_at_k                       -          score       max
    hits@10                              -          score       max
    ndcg@10                              -          score       max
    mrr                                  -          score       max
    hit_rate                             -          score       max
    f1                                   -          score       max
    F1                                   -          score       max
    f1_score                             -          score       max
    macro avg/f1-score                   -          score       max
    weighted avg/support                 -          -           -
    balanced_accuracy                    -          accuracy    max
    sparse_categorical_accuracy          -          accuracy    max
    val_binary_accuracy                  validation accuracy    max
    categorical_crossentropy             -          loss        min
    binary_crossentropy                  -          loss        min
    cross_entropy                        -          loss        min
    CrossEntropyLoss                     -          loss        min
    MSELoss                              -          loss        min
    hinge_loss                           -          loss        min
    logloss                              -          loss        min
    validation_0-logloss                 validation loss        min
    validation_1-auc                     validation score       max
    train-merror                         train      error       min
    eval-error                           validation error       min
    valid_0's auc                        validation score       max
    training's binary_logloss            train      loss        min
    learn/Logloss                        train      loss        min
    test-rmse-mean                       test       error       min
    test-rmse-std                        test       statistic   -
    mean_test_score                      test       score       max
    std_test_score                       test       statistic   -
    rank_test_score                      test       statistic   -
    mean_fit_time                        -          time        -
    error_rate                           -          error       min
    val_error                            validation error       min
    misclassification                    -          error       min
    word_error_rate                      -          error       min
    wer                                  -          error       min
    cer                                  -          error       min
    eer                                  -          error       min
    fid                                  -          error       min
    lpips                                -          error       min
    psnr                                 -          score       max
    ssim                                 -          score       max
    inception_score                      -          score       max
    true_positive_rate                   -          score       max
    false_positive_rate                  -          error       min
    sensitivity                          -          score       max
    mcc                                  -          score       max
    cohen_kappa                          -          score       max
    pearson                              -          score       max
    spearmanr                            -          score       max
    win_rate                             -          accuracy    max
    success_rate                         -          accuracy    max
    pass@1                               -          accuracy    max
    exact_match                          -          accuracy    max
    mmlu/accuracy                        -          accuracy    max
    reward                               -          score       max
    episode_reward                       -          score       max
    mean_reward                          -          score       max
    eval/mean_reward                     validation score       max
    rollout/ep_rew_mean                  -          score       max
    rollout/ep_len_mean                  -          count       -
    charts/episodic_return               -          score       max
    charts/episodic_length               -          count       -
    charts/SPS                           -          throughput  -
    losses/value_loss                    -          loss        min
    losses/policy_loss                   -          loss        min
    losses/entropy                       -          statistic   -
    losses/approx_kl                     -          loss        min
    losses/clipfrac                      -          rate        -
    losses/explained_variance            -          score       max
    train/policy_gradient_loss           train      loss        min
    train/entropy_loss                   train      loss        min
    train/n_updates                      train      count       -
    train/clip_range                     train      rate        -
    train/std                            train      statistic   -
    time/fps                             -          throughput  -
    time/time_elapsed                    -          time        -
    time/total_timesteps                 -          count       -
    Loss/value                           -          loss        min
    Loss/policy                          -          loss        min
    exploration_rate                     -          rate        -
    q_value                              -          statistic   -
    td_error                             -          error       min
    d_loss                               -          loss        min
    g_loss                               -          loss        min
    loss_D                               -          loss        min
    lossG                                -          loss        min
    kl                                   -          loss        min
    elbo                                 -          score       max
    elo                                  -          score       max
    regret                               -          error       min
    cost                                 -          loss        min
    dataCost                             -          loss        min
    penalty                              -          penalty     min
    trainAccuracy                        train      accuracy    max
    testAccuracy                         test       accuracy    max
    testCost                             test       loss        min
    stepLength                           -          norm        -
    seconds                              -          time        -
    saturated.1                          -          statistic   -
    clampHits                            -          count       -
    reg_loss                             -          loss        min
    l2                                   -          penalty     min
    time_per_step                        -          time        -
    tokens_per_sec                       -          throughput  -
    it/s                                 -          throughput  -
    step_time_ms                         -          time        -
    loss_time                            -          time        -
    accuracy_threshold                   -          rate        -
    reward_loss                          -          loss        min
    dev/F1                               validation score       max
    dev_em                               validation accuracy    max
    heldout_loss                         validation loss        min
    oof_auc                              validation score       max
    cv_rmse                              validation error       min
    mlogloss                             -          loss        min
    weights                              -          statistic   -
    entropy                              -          statistic   -
    banana                               -          -           -
    x                                    -          -           -
    损失                                  -          -           -
    ''                                   -          -           -
    """

  @Test(
    "role, quantity and direction are read from names that frameworks use",
    arguments: table.split(separator: "\n"))
  func reads(_ line: Substring) throws {
    let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    let said = words.suffix(3)
    let metric = KnownMetric(words.dropLast(3).joined(separator: " "))
    let direction =
      metric.direction == .minimize ? "min" : metric.direction == .maximize ? "max" : "-"
    #expect(
      [metric.role?.rawValue ?? "-", metric.quantity?.rawValue ?? "-", direction] == Array(said))
  }

  @Test(
    "units come from words",
    arguments: [
      ("seconds", "s"), ("step_time_ms", "ms"), ("system/gpu_mem_mb", "MB"),
      ("peak_memory_gb", "GB"),
      ("tokens_per_second", "/s"), ("top1 (%)", "%"), ("loss", nil), ("eval_runtime", nil),
    ] as [(String, String?)])
  func units(_ key: String, _ unit: String?) {
    #expect(KnownMetric(key).unit == unit)
  }

  @Test(
    "a title is in words where all of the name is known, else it is the name",
    arguments: [
      ("testAccuracy", "held-out accuracy"), ("val_acc", "validation accuracy"),
      ("train/loss", "training loss"),
      ("eval_f1", "validation F1"), ("lr", "learning rate"), ("grad_norm", "gradient norm"),
      ("saturated.2", "saturated units of layer 2, as a share"), ("saturated.all", "saturated.all"),
      ("banana", "banana"), ("val_banana_loss", "val_banana_loss"), ("test_rmse", "test RMSE"),
    ])
  func titles(_ key: String, _ title: String) {
    #expect(KnownMetric(key).title == title)
  }

  @Test(
    "one objective is chosen",
    arguments: [
      (
        [
          "cost", "dataCost", "trainAccuracy", "testAccuracy", "testCost", "gradientNorm",
          "seconds",
        ], "testAccuracy"
      ),
      (["loss", "accuracy", "val_loss", "val_accuracy", "lr"], "val_accuracy"),
      (["train/loss", "val/loss"], "val/loss"),
      (["train_loss", "eval_loss", "eval_f1", "eval_runtime", "grad_norm", "epoch"], "eval_f1"),
      (
        ["train/box_loss", "val/box_loss", "metrics/mAP50(B)", "metrics/precision(B)", "lr/pg0"],
        "metrics/mAP50(B)"
      ),
      (["loss", "lr", "epoch"], "loss"),
      (["test_acc", "loss", "acc"], "test_acc"),
      (["val_precision", "val_f1", "val_recall"], "val_f1"),
      (["total_loss", "kl_loss", "recon_loss"], "total_loss"),
      (["rollout/ep_rew_mean", "train/loss", "time/fps"], "rollout/ep_rew_mean"),
      (["train-rmse", "test-rmse"], "test-rmse"),
      (["lr", "epoch", "grad_norm", "seconds", "system/gpu"], nil),
      // The whole before its part.
      (
        ["dynamics_loss_epoch", "train_loss_epoch", "train_loss_step", "epoch"], "train_loss_epoch"
      ),
      ([], nil),
    ] as [([String], String?)])
  func objectives(_ keys: [String], _ objective: String?) {
    #expect(RankingMetric(among: keys)?.key == objective)
    #expect(RankingMetric(among: keys.reversed())?.key == objective)
  }

  @Test(
    "two metrics tell most of a run",
    arguments: [
      (
        ["cost", "trainAccuracy", "testAccuracy", "testCost", "seconds"], ["cost", "testAccuracy"]
      ),
      (["loss", "accuracy", "val_loss", "val_accuracy"], ["loss", "val_accuracy"]),
      (["train/loss", "val/loss", "lr"], ["train/loss", "val/loss"]),
      (["lr", "banana"], ["banana", "lr"]),
    ])
  func headlines(_ keys: [String], _ headline: [String]) {
    #expect(RankingMetric.headline(of: keys) == headline)
  }

  @Test("what is asked for is taken, unless nothing says which way it is better")
  func given() {
    #expect(RankingMetric(given: "banana") == nil)
    #expect(RankingMetric(given: "banana", direction: .maximize)?.direction == .maximize)
    #expect(RankingMetric(given: "val/acc")?.direction == .maximize)
    #expect(RankingMetric(given: "val/acc")?.isGiven == true)
  }
}
