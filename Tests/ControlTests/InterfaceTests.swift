import Control
import Foundation
import Model
import Testing

@Suite("The interface file and its Swift types")
struct InterfaceTests {
  /// First words after `keyword` on lines that begin with it.
  private func names(_ keyword: String) -> [String] {
    JobsInterface.description.split(separator: "\n").filter { $0.hasPrefix(keyword + " ") }.map {
      String($0.dropFirst(keyword.count + 1).prefix { $0.isLetter })
    }
  }

  @Test("every method of the file has its type, in the same order, and there are no others")
  func methods() {
    #expect(names("interface") == ["io"])
    #expect(JobsInterface.methods.map { $0.name } == names("method"))
  }

  @Test("every error of the file has its value, and there are no others")
  func errors() {
    let errors: [VarlinkError] = [
      .noSuchJob(1), .noSuchDelivery(job: 1, position: 2), .noSuchInvoice("n"),
      .noSuchInvoices(["n"], excluded: ["m"]), .noSuchImport("i"), .noSuchPipeline("p", known: ["q"]), .nothingMatched,
      .nothingDue(held: 1, markedSent: 2),
      .seriesUndecided(SeriesQuestion(pipeline: "p", invoices: 0, others: [])), .noSuchSeries("s"),
      .requestReused(job: 1), .illegalState("s"),
      .attemptChanged(1), .mayBeSent, .stageFailed(code: "c", detail: "d"), .storeUnavailable("r"), .backupRunning,
      .noRoom(needed: 2, free: 1), .noSuchCode, .tooManyConnections(maximum: 1),
      .replyTooLarge(size: 2, maximum: 1), .shuttingDown,
    ]
    #expect(errors.map(\.shortName) == names("error"))
    for error in errors {
      #expect(error.name == "io.invoiced.Jobs.\(error.shortName)")
      #expect(fields(of: "error \(error.shortName) ") == error.parameters.names)
    }
  }

  @Test("methods whose comment says so need `more`, and no other")
  func more() {
    let paragraphs = JobsInterface.description.split(separator: "\n\n").map { $0.replacing("\n# ", with: " ") }
    for method in JobsInterface.methods {
      let paragraph = paragraphs.first { $0.contains("method \(method.name)(") }
      #expect(paragraph?.contains("Needs `more`") == method.needsMore, "\(method.name)")
    }
  }

  @Test("each wire type has the fields of the file")
  func fieldNames() throws {
    let when = Date(timeIntervalSince1970: 0)
    let other = OtherJob(job: 2, state: .paused, invoices: 1)
    let question = SeriesQuestion(
      pipeline: "p", invoices: 1, others: [SeriesQuestion.Use(series: "s", pipeline: "q", sent: 1, open: 0)])
    let counts = Counts(total: 1)
    let hold = Hold(kind: .sender, code: .unreachable, detail: "d", since: when, until: when)
    let wait = Model.Wait(code: .rateLimited, detail: "d", since: when, until: when)
    let line = DeliveryLine(
      position: 1, number: "n", cct: "c", file: "f", recipients: [], state: .sent, code: .claimed, detail: "d",
      inferred: true, took: 0.5)
    let period = try #require(Period("2026-11"))
    let job = Job(
      id: 1, pipeline: "p", occasion: "", filter: Filter(), testTo: "t", state: .running, holds: [hold],
      wait: wait, counts: counts, others: [other], startedBy: Person(uid: 0, name: "root"), startedAt: when,
      finishedAt: when)
    let receipt = Receipt(message: "m", thread: "t", account: "a", at: when, inferred: false)
    let file = FileReference(path: "/f", sha256: "0", sizeInBytes: 1)
    let invoice = Invoice(number: "n", cct: "c", period: period, file: file, to: [], language: "fr")
    let values: [(String, any Encodable)] = [
      ("Filter", JobsInterface.Filter(cct: "c", period: "last", numbers: [], limit: 1)),
      ("Counts", counts), ("Hold", hold), ("Person", job.startedBy), ("Job", job), ("Receipt", receipt),
      (
        "Delivery",
        Delivery(
          id: 1, job: 1, position: 1, number: "n", cct: "c", period: period, file: "f", recipients: [], state: .sent,
          attempt: 1, code: .claimed, detail: "d", receipt: receipt, updatedAt: when)
      ),
      ("DeliveryLine", line),
      (
        "Event",
        Event(
          id: EventID(epoch: "e", sequence: 1), kind: .paused, job: 1, at: when, state: .paused, counts: counts,
          elapsed: 1, pipeline: "p", delivery: line, holds: [hold], wait: wait, looking: 1, others: [other])
      ),
      ("Wait", wait),
      ("Mailbox", Mailbox(name: "n", address: "a")), ("File", file),
      (
        "Invoice",
        JobsInterface.CatalogueInvoice(invoice, sentAt: when, held: "h", status: "due", job: 1)
      ),
      ("Attachment", JobsInterface.RenderedAttachment(name: "n", contentType: "t", sizeInBytes: 1)),
      (
        "Message",
        JobsInterface.RenderedMessage(Message(to: [], subject: "s", text: "t", html: "h"))
      ),
      (
        "Pipeline",
        JobsInterface.PipelineStatus(
          name: "n", sender: "s", delivers: true, series: "n", holds: [], wait: wait, clockAhead: 1)
      ),
      ("OtherJob", other), ("SeriesQuestion", question), ("SeriesUse", question.others[0]),
      (
        "Plan",
        JobsInterface.Plan(
          pipeline: "p", sender: "s", delivers: true, series: "p", due: 1, others: [other], periods: [:], customers: 1,
          examples: [], question: question)
      ),
      (
        "Action",
        Action(id: 1, at: when, by: job.startedBy, verb: "hold", job: 1, position: 1, number: "n", detail: "d")
      ),
      ("ImportProblem", JobsInterface.ImportProblem(line: 1, column: "c", code: "c", value: "v")),
      ("ImportChange", JobsInterface.ImportChange(number: "n", fields: [])),
      (
        "ImportReport",
        JobsInterface.ImportReport(added: 0, updated: 0, unchanged: 0, bad: 0, warnings: 0, applied: true)
      ),
      ("DryRunWarning", JobsInterface.DryRun.Warning(number: "n", code: "c", value: "v")),
    ]
    #expect(values.map(\.0).sorted() == names("type").sorted())
    for (name, value) in values {
      #expect(try wireNames(value) == fields(of: "type \(name) "), "\(name)")
    }
  }

  @Test("parameters of each method have the fields of the file")
  func parameterNames() throws {
    let filter = JobsInterface.Filter()
    let values: [(String, any Encodable)] = [
      ("BeginImport", JobsInterface.BeginImport.Parameters(folder: "/", format: .csv)),
      ("AddRows", JobsInterface.AddRows.Parameters(importID: "i", text: "t")),
      ("CommitImport", JobsInterface.CommitImport.Parameters(importID: "i", skipBad: true)),
      (
        "ListInvoices",
        JobsInterface.ListInvoices.Parameters(filter: filter, status: .unsent, after: "a", limit: 1)
      ),
      ("GetInvoice", JobsInterface.InvoiceNumber(number: "n")),
      ("HoldInvoice", JobsInterface.HoldInvoice.Parameters(number: "n", reason: "r")),
      ("PreviewInvoice", JobsInterface.PreviewInvoice.Parameters(number: "n", pipeline: "p")),
      ("PlanJob", JobsInterface.Selection(pipeline: "p", filter: filter, occasion: "o", testTo: "t", series: "s")),
      ("DryRun", JobsInterface.Selection(pipeline: "p", filter: filter, occasion: "o", testTo: "t", series: "s")),
      (
        "Start",
        JobsInterface.Start.Parameters(
          request: "r", pipeline: "p", filter: filter, all: true, occasion: "o", testTo: "t", series: "s",
          resendReason: "r", onBehalfOf: "n")
      ),
      ("Watch", JobsInterface.Watch.Parameters(job: 1, after: "e.1")),
      ("ListJobs", JobsInterface.ListJobs.Parameters(after: 1, limit: 1)),
      ("GetJob", JobsInterface.JobID(job: 1)),
      ("Pause", JobsInterface.JobChange(job: 1, onBehalfOf: "n")),
      ("Resume", JobsInterface.JobChange(job: 1, onBehalfOf: "n")),
      ("Cancel", JobsInterface.JobChange(job: 1, onBehalfOf: "n")),
      ("MakeWebCode", JobsInterface.MakeWebCode.Parameters(name: "n")),
      ("TakeWebCode", JobsInterface.TakeWebCode.Parameters(code: "c")),
      ("ListActions", JobsInterface.ListActions.Parameters(job: 1, number: "n", after: 1, limit: 1)),
      (
        "ListDeliveries",
        JobsInterface.ListDeliveries.Parameters(job: 1, states: [], period: "p", after: 1, limit: 1)
      ),
      (
        "Retry",
        JobsInterface.Retry.Parameters(job: 1, includePermanent: true, position: 1, attempt: 1, onBehalfOf: "n")
      ),
      (
        "Resolve",
        JobsInterface.Resolve.Parameters(job: 1, position: 1, attempt: 1, outcome: .notSent, force: true)
      ),
    ]
    for (name, value) in values {
      #expect(try wireNames(value) == fields(of: "method \(name)"), "\(name)")
    }
  }

  private func wireNames(_ value: any Encodable) throws -> [String]? {
    func open(_ value: some Encodable) throws -> Data { try WireJSON.encode(value) }
    return try WireJSON.decode(JSON.self, from: open(value)).names
  }

  /// Names of the fields in the first parentheses behind `head`, sorted.
  private func fields(of head: String) -> [String]? {
    guard let start = JobsInterface.description.firstRange(of: "\n\(head)(")?.upperBound else { return nil }
    var (depth, isName, name, names) = (0, true, "", [String]())
    for character in JobsInterface.description[start...] {
      switch character {
      case "(": depth += 1
      case ")" where depth == 0: return names.sorted()
      case ")": depth -= 1
      case ":" where depth == 0:
        names.append(name.trimmingCharacters(in: .whitespacesAndNewlines))
        (isName, name) = (false, "")
      case "," where depth == 0: isName = true
      default: if isName { name.append(character) }
      }
    }
    return nil
  }
}

extension JSON {
  /// Sorted names of an object's members.
  fileprivate var names: [String]? {
    if case .object(let members) = self { members.keys.sorted() } else { nil }
  }
}
