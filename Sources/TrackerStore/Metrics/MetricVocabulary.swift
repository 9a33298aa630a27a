/// The words that say what a metric measures, each in one place.
enum MetricVocabulary {
  /// What a word or a phrase says.
  struct Term: Sendable {
    /// The word, or words with a space between them.
    let word: String
    let quantity: MetricQuantity
    let direction: MetricDirection?
    /// Its place among what runs are ranked by; `nil` where they never are.
    let rank: Int?
    let unit: String?
    /// Whether it says what is measured only where nothing else does: the epoch of `loss_epoch`.
    let isWeak: Bool
  }

  /// The rank of losses that add up to the loss of the whole, such as those of an object detector.
  static let rankOfAddends = 7

  /// The terms, a row for each meaning; phrases are separated by commas like words.
  private static let table:
    [(MetricQuantity, MetricDirection?, rank: Int?, unit: String?, String)] = [
      (
        .accuracy, .maximize, 0, nil,
        """
        accuracy, acc, accuracies, accu, top1, exact match, em, pass, mmlu, gsm8k, success, success rate, win rate, \
        winrate, solve rate, completion rate
        """
      ),
      (
        .score, .maximize, 1, nil,
        """
        f1, f1score, fscore, fbeta, f2, auc, auroc, rocauc, roc, aucpr, prauc, aupr, auprc, ap, average precision, map, hypervolume, miou, iou, jaccard, \
        dice, dsc, kappa, qwk, mcc, matthews, ndcg, mrr, bleu, sacrebleu, rouge, rouge1, rouge2, rougel, rougelsum, \
        meteor, cider, spice, bertscore, comet, chrf, r2, r2score, r 2, rsquared, r squared, r square, explained variance, \
        concordance, cindex, c index, nmi, ari, vmeasure, v measure, silhouette, psnr, ssim, msssim, mota, hota, pck, \
        bacc, uar, ks, gini, pearson, spearman, kendall, pearsonr, spearmanr, corr, correlation, corrcoef, sts, nse, \
        reward, rewards, rew, return, returns, elo, fitness, score, scores, inception score, is score, vmaf, pesq, stoi, \
        sisdr, si sdr, sdr, snr, profit, revenue, sharpe, top 1, lddt, gdt
        """
      ),
      (
        .score, .maximize, 3, nil,
        """
        top3, top5, top10, precision, prec, recall, sensitivity, specificity, tpr, tnr, npv, ppv, true positive rate, \
        true negative rate, hit, hits, hitrate, hit rate, coverage, purity, homogeneity, completeness, elbo, loglik, \
        likelihood, log likelihood, loglikelihood, logprob, log prob, log probability, logp, evidence
        """
      ),
      (
        .error, .minimize, 4, nil,
        """
        rmse, mse, mae, error, err, error rate, err rate, errors, misclassification, msle, rmsle, mape, smape, mase, \
        wape, nrmse, medae, crps, wer, cer, ter, eer, ece, mcd, fid, kid, lpips, fvd, fad, brier, brier score, distance error, \
        davies bouldin, davies bouldin score, \
        mean squared error, mean absolute error, root mean squared error, mean squared logarithmic error, \
        mean absolute percentage error, max error, edit distance, levenshtein, regret, false positive rate, \
        false negative rate, fpr, fnr, fdr, failure rate, merror, epe, ate, rpe, mpjpe, ade, fde, chamfer, hausdorff
        """
      ),
      (
        .loss, .minimize, 5, nil,
        """
        loss, losses, cost, costs, logloss, log loss, mlogloss, crossentropy, cross entropy, xent, xentropy, ce, bce, nll, \
        nllloss, negloglik, neg log likelihood, negative log likelihood, perplexity, ppl, bpc, bpb, bpd, bits per byte, \
        bits per char, bits per character, bits per dim, bits per token, hinge, huber, focal, deviance, crossentropyloss, \
        mseloss, bceloss, l1loss, binary crossentropy, pinball, poisson, gamma deviance, negelbo, neg elbo, ctc, triplet
        """
      ),
      (
        .loss, .minimize, rankOfAddends, nil,
        """
        box loss, bbox loss, cls loss, class loss, conf loss, dfl loss, giou loss, kobj loss, l1 loss, loc loss, mask loss, \
        obj loss, objectness loss, pose loss, rle loss, seg loss, loss bbox, loss box, loss box reg, loss classifier, \
        loss cls, loss conf, loss loc, loss mask, loss obj, loss objectness, loss rpn, loss rpn box reg
        """
      ),
      (
        .loss, .minimize, 8, nil,
        """
        kl, kld, kl divergence, divergence, approx kl, data cost, aux loss, auxiliary loss, reg loss, regularization loss, \
        kl loss, commitment loss, commit loss, entropy loss, policy loss, value loss, actor loss, critic loss, q loss, \
        policy gradient loss, pg loss, vf loss, d loss, g loss, gan loss, disc loss, gen loss, discriminator loss, \
        generator loss, adversarial loss, adv loss, loss d, loss g, errd, errg, balance loss, l2 loss, \
        temperature loss, alpha loss, ent coef loss, z loss, cycle loss, perceptual loss, style loss, content loss
        """
      ),
      (
        .penalty, .minimize, nil, nil,
        "penalty, penalties, regularization, regularizer, reg, l1, l2, gp, gradient penalty, grad penalty, weight penalty"
      ),
      (
        .rate, nil, nil, nil,
        """
        lr, learning rate, learningrate, lrate, rate, momentum, beta, beta1, beta2, decay, weight decay, wd, dropout, \
        dropout rate, temperature, epsilon, eps, alpha, gamma, lambda, tau, coef, coefficient, ent coef, clip range, \
        cliprange, clip fraction, clipfrac, loss scale, lossscale, scale, scaler, loss weight, weight, schedule, warmup, \
        annealing, teacher forcing, exploration rate, exploration, damping, radius, eta, sigma, keep prob, masking ratio, \
        mask ratio, threshold, cutoff, acceptance rate, explore rate, sampling ratio, lr scale, score threshold, loss scaling, scaling, grad scale
        """
      ),
      (
        .norm, nil, nil, nil,
        """
        norm, norms, gradnorm, grad norm, gnorm, gradient norm, grad, grads, gradient, gradients, l2norm, l2 norm, \
        magnitude, step length, step norm, max norm, param norm, weight norm, total norm, update norm
        """
      ),
      (
        .statistic, nil, nil, nil,
        """
        std, stddev, stdev, std dev, stderr, std err, sem, variance, var, deviation, ci, ci low, ci high, weights, biases, bias, \
        kernel, activation, activations, updates ratio, update ratio, ratio, sparsity, zero, zeros, zero fraction, dead, \
        dead units, saturated, saturated fraction, saturation, fraction, frac, histogram, kurtosis, skew, entropy, \
        quantile, percentile, logits, outputs, distance, similarity, value, values, q values, \
        advantage, advantages, margin, imbalance, rank, ranking, confidence, stability, instability, uncertainty, volatility
        """
      ),
      (
        .time, nil, nil, nil,
        """
        time, times, duration, elapsed, runtime, walltime, wall time, wallclock, wall clock, eta seconds, latency, \
        time elapsed, timestamp, remaining, uptime, time ms, time s, time sec, time seconds, seconds per step, sec per step, \
        s per it, ms per step, seconds per epoch, time per step, time per epoch, step time, batch time, data time
        """
      ),
      (.time, nil, nil, "s", "seconds, second, secs, sec"),
      (.time, nil, nil, "ms", "milliseconds, millis, ms, msec"),
      (.time, nil, nil, "min", "minutes, minute, mins"),
      (.time, nil, nil, "h", "hours, hour"),
      (
        .count, nil, nil, nil,
        """
        count, counts, counter, number, num, n, evaluations, evals, nfev, nit, nfe, seen, consumed, flos, total flos, flops, \
        correct, params, n updates, updates, patience, wait, clamp hits, nonfinite, nans, nan count, skipped, best epoch, \
        batch size, len, length, size, ep len, episode length, episodic length, error count, num errors, version, seed, \
        index, idx, id, rank id, world size, step count, vocab size, trainable params, n iter, num examples, n samples, \
        num timesteps, total timesteps, timesteps, env steps
        """
      ),
      (
        .throughput, nil, nil, "/s",
        """
        throughput, fps, ips, sps, tps, qps, speed, tflops, mfu, hfu, per second, per sec, per s, it s, its, samples s, \
        tokens s, steps s, examples s, tok s, images s, bandwidth, goodput
        """
      ),
      (
        .system, nil, nil, nil,
        """
        cpu, gpu, tpu, ram, memory, mem, vram, disk, network, power, watts, swap, utilization, utilisation, util, usage, \
        rss, proc, fan, io, processes, threads, open files, allocated, reserved, temp
        """
      ),
      (.system, nil, nil, "MB", "mb, mib, megabytes"),
      (.system, nil, nil, "GB", "gb, gib, gigabytes"),
      (.system, nil, nil, "B", "bytes"),
      (.system, nil, nil, "kB", "kb, kib"),
    ]

  /// What says something only where no other word does.
  private static let weak =
    """
    epoch, epochs, step, steps, global step, iter, iters, iteration, iterations, batch, batches, samples, examples, \
    tokens, frames, episode, episodes, round, rounds, generation
    """

  /// What CatBoost calls the loss of several classes; beside other words it says of what the metric is.
  private static let weakLoss = "multiclass, multi class"

  /// Words that say whose examples are measured.
  static let roles: [String: MetricRole] = {
    var roles: [String: MetricRole] = [:]
    for word in ["train", "training", "trn", "learn"] { roles[word] = .train }
    for word in [
      "val", "valid", "validation", "validate", "eval", "evaluation", "dev", "heldout", "holdout",
      "oof", "cv",
    ] {
      roles[word] = .validation
    }
    for word in ["test", "testing", "tst"] { roles[word] = .test }
    return roles
  }()

  /// Words that say that a metric is of the whole.
  static let wholeWords: Set<String> = [
    "total", "overall", "mean", "avg", "average", "epoch", "all",
  ]

  /// Each term by its word.
  static let terms: [String: Term] = {
    var terms: [String: Term] = [:]
    terms.reserveCapacity(768)
    func add(
      _ list: String, _ quantity: MetricQuantity, _ direction: MetricDirection?, _ rank: Int?,
      _ unit: String?,
      isWeak: Bool = false
    ) {
      for part in list.utf8.split(separator: UInt8(ascii: ",")) {
        let word = String(Substring(part.drop { $0 == UInt8(ascii: " ") }))
        terms[word] = Term(
          word: word, quantity: quantity, direction: direction, rank: rank, unit: unit,
          isWeak: isWeak)
      }
    }
    for (quantity, direction, rank, unit, list) in table {
      add(list, quantity, direction, rank, unit)
    }
    add(weak, .count, nil, nil, nil, isWeak: true)
    add(weakLoss, .loss, .minimize, 5, nil, isWeak: true)
    return terms
  }()

  /// Words that belong to a phrase, so that a name is split at them.
  private static let parts: Set<String> = Set(
    terms.keys.lazy.filter { $0.utf8.contains(UInt8(ascii: " ")) }.flatMap { term in
      term.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    })

  static func contains(_ word: String) -> Bool {
    terms[word] != nil || roles[word] != nil || (word.count > 2 && parts.contains(word))
  }

  /// The last term of a name that says what is measured.
  static func term(of name: MetricName) -> Term? {
    // What stands in these folders is what the folder says, whatever a layer is called.
    switch name.namespace {
    case "gradients": return terms[name.words.last == "nonfinite" ? "nonfinite" : "norm"]
    case "weights", "activations", "updates", "outputs", "parameters": return terms["weights"]
    case "system":
      return Term(
        word: "system", quantity: .system, direction: nil, rank: nil, unit: unit(of: name, nil),
        isWeak: false)
    default: break
    }
    var words = name.words
    // A folder's own word is not what is measured in it.
    if name.namespace.map({ ["losses", "metrics", "scores", "charts"].contains($0) }) == true {
      words.removeFirst()
    }
    if let spread = words.first(where: { ["std", "stddev", "stderr", "sem"].contains($0) }) {
      return terms[spread]
    }
    if words.count > 1, let first = words.first {
      if ["num", "n", "number"].contains(first) { return terms["count"] }
      if first == "rank" { return terms["rank"] }
    }
    guard let term = lastTerm(of: words, isWeak: false) ?? lastTerm(of: words, isWeak: true) else {
      return nil
    }
    // In a folder of losses a word such as `value` or `entropy` says which loss.
    if name.namespace == "loss", [.statistic, .penalty].contains(term.quantity) {
      return terms["aux loss"]
    }
    return term
  }

  private static func lastTerm(of words: [String], isWeak: Bool) -> Term? {
    for last in words.indices.reversed() {
      for length in [4, 3, 2, 1] where last - length + 1 >= 0 {
        let first = last - length + 1
        guard let term = terms[words[first...last].joined(separator: " ")], term.isWeak == isWeak
        else { continue }
        // scikit-learn's scorers, such as `neg_mean_squared_error`: more is better.
        let isNegated = first > 0 && ["neg", "negative"].contains(words[first - 1])
        return isNegated && term.direction == .minimize ? terms["score"] : term
      }
    }
    return nil
  }

  /// What the name or its term says of the unit.
  static func unit(of name: MetricName, _ term: Term?) -> String? {
    if let unit = term?.unit { return unit }
    if name.words.contains(where: { ["percent", "pct", "perc"].contains($0) }) { return "%" }
    guard term == nil || term?.quantity == .time || term?.quantity == .system else { return nil }
    return name.words.lazy.compactMap { terms[$0]?.unit }.first
  }
}
