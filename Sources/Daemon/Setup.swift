import Control
import Files
import Import
import Jobs
import Logging
import Model
import Store

/// What the configuration makes of the daemon; a reload makes another one, as a whole.
struct Setup: Sendable {
  let keepEvents: Duration
  let pipelines: [String: PipelineEntry]
  let runner: Runner
  /// Of the files that an import names.
  let fileCheck: FileCheck
  let columns: HeaderMapping
  /// Template fields that the mails of some pipeline show.
  let usedFields: Set<String>
  /// For the journal.
  let sentences: Sentences
  /// The runner works; those of the setup before have finished.
  let began = Milestone()
  /// Another setup is there: the runner is to finish.
  let replaced = Milestone()

  /// Makes every stage. Throws `ConfigurationError`.
  init(_ configuration: Configuration, _ shared: SharedServices) throws(ConfigurationError) {
    let (store, time) = (shared.store, shared.time)
    let wiring = Wiring(configuration: configuration, folders: shared.folders, store: store, time: time)
    keepEvents = configuration.keepEvents
    pipelines = try wiring.pipelines()
    runner = Runner(
      pipelines: pipelines.values.map(\.pipeline), store: store, time: time, log: shared.log,
      outcomes: shared.outcomes, heartbeat: shared.heartbeat, resumeWithin: configuration.resumeWithin)
    fileCheck = FileCheck(roots: wiring.files, maximumSizeInBytes: configuration.maximumFileSize)
    columns = HeaderMapping(configuration.columns)
    usedFields = pipelines.values.reduce(into: []) { $0.formUnion($1.pipeline.render.usedFields) }
    sentences = Sentences(configuration.locale)
  }

  /// Has pipelines that got another name take over what they had, and says so. While no runner works.
  func adoptPipelines(_ store: Store, _ log: Logger) async throws(StoreError) {
    let names = Set(pipelines.keys)
    let renamed = try await store.adoptPipelines(
      pipelines.mapValues { SeriesChoice(configured: $0.series, pipelines: names) })
    for pipeline in renamed {
      log.notice("the pipeline \(pipeline.new) takes over the jobs, holds and limits of \(pipeline.old)")
    }
  }

  /// Says which jobs nobody works at, because the configuration does not name their pipelines.
  func reportForsakenJobs(_ shared: SharedServices) async throws {
    for job in try await shared.store.unfinishedJobs() where pipelines[job.pipeline] == nil {
      shared.log.error(
        """
        job \(job.id) belongs to the pipeline \(job.pipeline), which \(shared.folders.configuration) does not define: it \
        waits until the pipeline is defined again, or until the job is cancelled
        """)
    }
  }
}
