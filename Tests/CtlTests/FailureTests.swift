import Control
import Foundation
import Model
import Testing

@testable import Ctl

@Suite struct FailureTests {
  /// Every error that the interface file declares.
  static let declared = JobsInterface.description.split(separator: "\n").filter { $0.hasPrefix("error ") }.map {
    String($0.dropFirst(6).prefix { $0 != " " })
  }

  @Test("each error of the interface has a sentence of its own, in both languages", arguments: declared)
  func sentences(_ name: String) {
    for language in Language.allCases {
      let failure = Failure(
        VarlinkError(name: "\(JobsInterface.name).\(name)"), path: "/s", Wording(language: language))
      #expect(!failure.message.contains(name))
      #expect(failure.code == name)
      #expect(failure.status != .success)
    }
  }

  @Test(
    "an error's exit status says what kind it is",
    arguments: [
      (VarlinkError.nothingMatched, Ctl.ExitStatus.refused), (.noSuchJob(1), .refused),
      (.illegalState("sent"), .refused),
      (.requestReused(job: 1), .refused), (.noSuchPipeline("x", known: ["y"]), .usage),
      (.invalidParameter("period"), .usage), (.mayBeSent, .personAsked), (.shuttingDown, .unreachable),
    ])
  func status(_ error: VarlinkError, _ status: Ctl.ExitStatus) {
    #expect(Failure(error, path: "/s", Wording(language: .fr)).status == status)
  }

  @Test("what cannot be sent is counted by its reason, without those that have none")
  func nothingDue() {
    let failure = Failure(VarlinkError.nothingDue(held: 3, markedSent: 0), path: "/s", Wording(language: .fr))
    #expect(failure.message == "Rien à envoyer : 3 retenue(s). La liste : invoicectl invoices")
  }

  @Test("a period that the daemon does not take is answered with those that it does")
  func period() {
    let failure = Failure(VarlinkError.invalidParameter("period"), path: "/s", Wording(language: .en))
    #expect(failure.message == "--period takes a month of the form YYYY-MM, or last, or current.")
  }

  @Test("a socket that may not be used asks for the group, one that is not there for the daemon")
  func unreachable() {
    let wording = Wording(language: .en)
    let failure = { (code: Int32) in
      Failure(VarlinkClient.Failure.unreachable(path: "/s", errno: code), path: "/s", wording)
    }
    #expect(failure(EACCES).message.hasPrefix("Permission denied at /s. Are you in the group invoiced? See: id."))
    #expect(failure(ENOENT).message.hasPrefix("No daemon answers at /s."))
    #expect(failure(ECONNREFUSED).status == .unreachable)
  }
}
