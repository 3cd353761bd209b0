import Control
import Model
import Stages

/// What the configuration file says, checked. docs/configuration.md describes every key.
struct Configuration {
  /// Language of the journal's sentences.
  var locale: Language
  /// For `--period last|current`; a name of the tz database (tzfile(5)).
  var timezone: String
  /// The only folders whose files may be mailed.
  var files: [String]
  /// Where render stages look for templates, in this order.
  var templates: [String]
  /// How a manifest's own column names map to ours.
  var columns: [String: String]
  /// The largest file that an import takes, in bytes.
  var maximumFileSize: Int
  /// How long events of finished jobs are kept.
  var keepEvents: Duration
  /// How long a job may have lain still and go on by itself after a start of the daemon.
  var resumeWithin: Duration
  /// Settings of each pipeline; the stages are made from them by `PipelineFactory`.
  var pipelines: [PipelineSettings]

  static let defaultFiles = ["/var/lib/invoiced/inbox"]
  static let defaultTemplates = ["/etc/invoiced/templates", "/usr/share/invoiced/templates"]
}

/// One pipeline's mapping of the file.
struct PipelineSettings {
  var name: String
  var settings: Settings
}
