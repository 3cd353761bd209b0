import Control
import Files
import Import
import Jobs
import Logging
import Model
import Store
import Synchronization

/// What is there from the daemon's start to its end, whatever is configured meanwhile.
struct Lasting: Sendable {
  let folders: Folders
  /// That of the process.
  let timezone: String
  let store: Store
  /// A runner that has given way to another one may still have an outcome to write.
  let outcomes: OutcomeWriter
  let pulse: Pulse
  let time: Time
  let log: Logger
}

/// What the configuration makes of the daemon; a reload makes another one, as a whole.
struct Setup: Sendable {
  let keepEvents: Duration
  let pipelines: [String: PipelineEntry]
  let runner: Runner
  /// Of the files that an import names.
  let fileCheck: FileCheck
  let columns: HeaderMapping
  /// For the journal.
  let sentences: Sentences
  /// The runner works; those of the setup before have finished.
  let began = Milestone()
  /// Another setup is there: the runner is to finish.
  let replaced = Milestone()

  /// Makes every stage. Throws `ConfigurationError`.
  init(_ configuration: Configuration, _ lasting: Lasting) throws(ConfigurationError) {
    let (store, time) = (lasting.store, lasting.time)
    let wiring = Wiring(configuration: configuration, folders: lasting.folders, store: store, time: time)
    keepEvents = configuration.keepEvents
    pipelines = try wiring.pipelines()
    runner = Runner(
      pipelines: pipelines.values.map(\.pipeline), store: store, time: time, log: lasting.log,
      outcomes: lasting.outcomes, pulse: lasting.pulse)
    fileCheck = FileCheck(roots: wiring.files, maximumSizeInBytes: configuration.maximumFileSize)
    columns = HeaderMapping(configuration.columns)
    sentences = Sentences(configuration.locale)
  }

  /// Says which jobs nobody works at, because the configuration does not name their pipelines.
  func reportForsakenJobs(_ lasting: Lasting) async throws {
    for job in try await lasting.store.unfinishedJobs() where pipelines[job.pipeline] == nil {
      lasting.log.error(
        """
        job \(job.id) is of the pipeline \(job.pipeline), which \(lasting.folders.configuration) does not name: it waits until \
        it does, or until somebody cancels it
        """)
    }
  }
}

/// The setup that counts, for everybody who needs it.
final class CurrentSetup: Sendable {
  private let setup: Mutex<Setup>

  init(_ setup: Setup) { self.setup = Mutex(setup) }

  var value: Setup { setup.withLock { $0 } }

  /// What is asked from now on is answered by the new one; work that was begun is finished by the old one.
  func replace(_ new: Setup) {
    let old = setup.withLock { setup in
      defer { setup = new }
      return setup
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
