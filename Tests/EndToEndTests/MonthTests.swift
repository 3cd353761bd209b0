import Foundation
import Model
import TestSupport
import Testing

@Suite("the sample month", .startsPrograms)
struct MonthTests {
  @Test("48 of 50 are sent and 2 are refused; the second start finds 48 sent already")
  func month() async throws {
    let sandbox = try RunningSandbox(["--account", "facturation@modele.example", "--units-per-minute", "15000"])
    var setting = DaemonSetting.gmail(sandbox)
    setting.file = try Self.configuration(sandbox)
    let daemon = try await RunningDaemon(setting)
    let month = daemon.inbox("month")
    try FileManager.default.copyItem(atPath: Repository.path("examples/month"), toPath: month)
    let imported = try await daemon.ctl("import", month + "/invoices.csv")
    #expect(imported.status == 0 && imported.output.contains("50 ajoutée(s)"), "\(imported)")

    let first = try await daemon.ctl("start", "--all")
    #expect(first.status == 2)
    #expect(first.lastLine == "✅ Envoi terminé : 48 succès, 2 erreur(s) sur 50 facture(s)")
    #expect(first.output.split(separator: "\n").filter { $0.hasPrefix("✅ Email ") }.count == 48)
    #expect(first.output.split(separator: "\n").filter { $0.hasPrefix("⚠️ Email ") }.count == 2)

    let second = try await daemon.ctl("start", "--all")
    #expect(second.status == 2)
    #expect(second.lastLine == "✅ Envoi terminé : 0 succès, 2 erreur(s) sur 2 facture(s), 48 déjà envoyée(s)")
    let subjects = try sandbox.log("delivered").compactMap(\.subject)
    #expect(subjects.count == 48 && Set(subjects).count == 48)
    #expect(try sandbox.sent().allSatisfy { $0.contains("%PDF-") || $0.contains("JVBERi0") })
    let counts = try await daemon.job(2).counts
    #expect(counts.already == 48 && counts.failed == 2 && counts.total == 2)
  }

  /// The sample configuration, with the sandbox's addresses and the daemon's folders.
  private static func configuration(_ sandbox: RunningSandbox) throws -> String {
    let sample = try String(contentsOfFile: Repository.path("examples/invoiced.yaml"), encoding: .utf8)
    let values = [
      "timezone": "UTC", "files": "[\"{folder}/inbox\"]", "templates": "[\"\(Repository.path("examples/templates"))\"]",
      "credential": "{folder}/credential.json", "units_per_minute": "15000", "api_root": sandbox.url,
      "token_uri": sandbox.url + "/token", "ca_file": sandbox.caFile,
    ]
    return sample.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let key = line.drop { $0 == " " }
      guard key.hasPrefix("#"), let name = key.dropFirst().split(separator: ":").first, let value = values[String(name)]
      else { return String(line) }
      return line.prefix { $0 == " " } + "\(name): \(value)"
    }.joined(separator: "\n")
  }
}
