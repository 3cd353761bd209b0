import Control
import Foundation
import Jobs
import Logging
import Model
import Store

/// Answers `io.invoiced.Jobs`: what `invoicectl` and the browser adapter ask. One file for each topic.
struct ControlService: VarlinkService {
  /// Rows in one page unless the caller asks for fewer. The store ends one earlier when its rows are long (`Page`).
  static let pageLimit = 500

  let store: Store
  let current: CurrentConfiguration
  let imports: Imports
  let backups: Backups
  let codes: WebCodes
  let users: UserDatabase
  let time: Time
  let startedAt: Date
  let log: Logger
  /// True from the moment that the daemon stops.
  let stopping: StopFlag

  let name = JobsInterface.name
  let description = JobsInterface.description
  let methods = JobsInterface.methods

  var pipelines: [String: PipelineEntry] { current.value.pipelines }
  var runner: Runner { current.value.runner }

  func handle(_ call: VarlinkCall) async throws {
    do {
      try await answer(call)
    } catch let error as StoreError {
      throw VarlinkError(error)
    } catch let error as StageError {
      throw VarlinkError.stageFailed(code: error.code.rawValue, detail: error.detail)
    }
  }

  private func answer(_ call: VarlinkCall) async throws {
    switch call.method {
    case JobsInterface.GetStatus.name: try await getStatus(call)
    case JobsInterface.BeginImport.name: try await beginImport(call)
    case JobsInterface.AddRows.name: try await addRows(call)
    case JobsInterface.CommitImport.name: try await commitImport(call)
    case JobsInterface.ListInvoices.name: try await listInvoices(call)
    case JobsInterface.GetInvoice.name: try await getInvoice(call)
    case JobsInterface.HoldInvoice.name: try await holdInvoice(call)
    case JobsInterface.ReleaseInvoice.name: try await releaseInvoice(call)
    case JobsInterface.PreviewInvoice.name: try await previewInvoice(call)
    case JobsInterface.PlanJob.name: try await planJob(call)
    case JobsInterface.DryRun.name: try await dryRun(call)
    case JobsInterface.Start.name: try await start(call)
    case JobsInterface.Watch.name: try await watch(call)
    case JobsInterface.ListJobs.name: try await listJobs(call)
    case JobsInterface.GetJob.name: try await getJob(call)
    case JobsInterface.ListDeliveries.name: try await listDeliveries(call)
    case JobsInterface.ListActions.name: try await listActions(call)
    case JobsInterface.Pause.name: try await pause(call)
    case JobsInterface.Resume.name: try await resume(call)
    case JobsInterface.Cancel.name: try await cancel(call)
    case JobsInterface.Retry.name: try await retry(call)
    case JobsInterface.Resolve.name: try await resolve(call)
    case JobsInterface.Backup.name: try await backup(call)
    case JobsInterface.MakeWebCode.name: try await makeWebCode(call)
    case JobsInterface.TakeWebCode.name: try await takeWebCode(call)
    default: throw VarlinkError.methodNotFound("\(name).\(call.method)")
    }
  }

  /// The pipeline of this name; without a name the only one, or `invoices`.
  func pipeline(_ name: String?) throws -> PipelineEntry {
    let pipelines = pipelines
    let only = pipelines.count == 1 ? pipelines.keys.first : nil
    let wanted = name ?? only ?? "invoices"
    guard let entry = pipelines[wanted] else {
      throw VarlinkError.noSuchPipeline(wanted, known: pipelines.keys.sorted())
    }
    return entry
  }

  func page(_ limit: Int?) throws -> Int {
    guard let limit else { return Self.pageLimit }
    guard limit > 0 else { throw VarlinkError.invalidParameter("limit") }
    return min(limit, Self.pageLimit)
  }

  /// The caller by the socket's word.
  func person(_ call: VarlinkCall) async -> Person {
    Person(uid: call.peer.uid, name: await users.name(of: call.peer.uid))
  }

  /// The caller, with the name of whom it asks for by its own word.
  func person(_ call: VarlinkCall, onBehalfOf name: String?) async throws -> Person {
    var person = await person(call)
    guard let name else { return person }
    guard let name = Person.givenName(name) else { throw VarlinkError.invalidParameter("on_behalf_of") }
    person.name = "\(name) via \(person.name)"
    return person
  }
}

extension VarlinkError {
  init(_ error: StoreError) {
    switch error {
    case .noSuchJob(let job): self = .noSuchJob(job)
    case .noSuchDelivery(let job, let position): self = .noSuchDelivery(job: job, position: position)
    case .noSuchInvoice(let number): self = .noSuchInvoice(number)
    case .requestReused(let job): self = .requestReused(job: job)
    case .illegalState(let state): self = .illegalState(state)
    case .attemptChanged(let attempt): self = .attemptChanged(attempt)
    case .nothingMatched: self = .nothingMatched
    case .nothingDue(let held, let markedSent): self = .nothingDue(held: held, markedSent: markedSent)
    case .seriesUndecided(let question): self = .seriesUndecided(question)
    case .noSuchSeries(let series): self = .noSuchSeries(series)
    case .unusable(let reason), .failed(let reason): self = .storeUnavailable(reason)
    case .full: self = .storeUnavailable("no room left on the device")
    }
  }
}
