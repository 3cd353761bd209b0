import Control
import Files
import Import
import Jobs
import Logging
import Model
import Store
import Synchronization

/// What the configuration makes of the daemon; a reload makes another one, as a whole.
struct RunningConfiguration: Sendable {
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
  /// The runner works; those of the configuration before have finished.
  let began = Milestone()
  /// Another configuration has replaced it: the runner is to finish.
  let replaced = Milestone()

  /// Makes every stage. Throws `ConfigurationError`.
  init(_ configuration: Configuration, _ shared: SharedServices) throws(ConfigurationError) {
    let (store, time) = (shared.store, shared.time)
    let wiring = Wiring(configuration: configuration, folders: shared.folders, time: time)
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

/// The running configuration, for everybody who needs it.
final class CurrentConfiguration: Sendable {
  private let running: Mutex<RunningConfiguration>

  init(_ running: RunningConfiguration) { self.running = Mutex(running) }

  var value: RunningConfiguration { running.withLock { $0 } }

  /// What is asked from now on is answered by the new one; work that was begun is finished by the old one.
  func replace(_ new: RunningConfiguration) {
    let old = running.withLock { running in
      defer { running = new }
      return running
    }
    old.replaced.reach()
  }
}

/// Something that happens once, and that one task waits for.
struct Milestone: Sendable {
  private let stream: AsyncStream<Never>
  private let continuation: AsyncStream<Never>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func reach() { continuation.finish() }

  /// Returns as well when the task is cancelled.
  func wait() async { for await _ in stream {} }
}

/// What is there from the daemon's start to its end, whatever is configured meanwhile.
struct SharedServices: Sendable {
  let folders: Folders
  /// That of the process.
  let timezone: String
  let store: Store
  /// A runner that has given way to another one may still have an outcome to write.
  let outcomes: OutcomeWriter
  let heartbeat: Heartbeat
  let time: Time
  let log: Logger
}
