import Control
import Foundation
import Model
import Testing

@Suite("The sentences")
struct SentenceTests {
  private let french = Sentences(.fr)
  private let english = Sentences(.en)

  /// The golden file's times of the clock are of UTC.
  init() {
    setenv("TZ", "UTC", 1)
    tzset()
  }

  /// Each line: an event as it stands on the wire, and what is said about it.
  struct Golden: Codable, Equatable {
    var event: Event
    var fr: String
    var en: String
    var journalFr: String
    var journalEn: String

    enum CodingKeys: String, CodingKey {
      case event, fr, en
      case journalFr = "journal_fr"
      case journalEn = "journal_en"
    }

    init(_ event: Event) {
      self.event = event
      fr = Sentences(.fr).line(of: event)
      en = Sentences(.en).line(of: event)
      journalFr = Sentences(.fr).journalLine(of: event)
      journalEn = Sentences(.en).journalLine(of: event)
    }
  }

  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/sentences")

  @Test("every line of the golden file is said byte for byte, and every kind and state is there")
  func golden() throws {
    let lines = try String(contentsOf: Self.fixtures.appending(path: "events.jsonl"), encoding: .utf8)
      .split(separator: "\n")
    var seen: Set<String> = []
    for line in lines {
      let expected = try WireJSON.decode(Golden.self, from: Data(line.utf8))
      let said = Golden(expected.event)
      #expect(said == expected)
      #expect(String(decoding: try WireJSON.encode(said), as: UTF8.self) == line)
      for text in [said.fr, said.en, said.journalFr, said.journalEn] { #expect(!text.contains("{"), "\(text)") }
      seen.insert(said.event.kind.rawValue)
      if let delivery = said.event.delivery { seen.insert(delivery.state.rawValue) }
      for hold in said.event.holds ?? [] { seen.insert("hold \(hold.kind.rawValue)") }
      if said.event.kind == .complete { seen.insert("complete \(said.event.state.rawValue)") }
    }
    let wanted =
      Event.Kind.allCases.map(\.rawValue) + DeliveryState.allCases.map(\.rawValue)
      + Hold.Kind.allCases.map { "hold \($0.rawValue)" }
      + ["complete completed", "complete cancelled", "complete waiting"]
    #expect(Set(wanted).subtracting(seen).isEmpty)
  }

  @Test("every code has the sentences of the golden file, byte for byte, in the order of the codes")
  func goldenCodes() throws {
    struct Line: Encodable { var code, fr, en: String }
    let said = try ErrorCode.allCases.map {
      let line = Line(code: $0.rawValue, fr: french.reason($0), en: english.reason($0))
      return String(decoding: try WireJSON.encode(line), as: UTF8.self)
    }
    let golden = try String(contentsOf: Self.fixtures.appending(path: "codes.jsonl"), encoding: .utf8)
    #expect(golden.split(separator: "\n").map(String.init) == said)
  }

  @Test("the sentences that the old system said are the same, byte for byte")
  func fixed() {
    let sent = DeliveryLine(
      position: 1, number: "F1", cct: "CCT123", file: "FACTURE.pdf",
      recipients: ["a@example.be", "b@example.be"], state: .sent)
    #expect(
      french.line(of: sent, total: 50)
        == "✅ Email 1/50 envoyé : CCT123 - FACTURE.pdf → a@example.be, b@example.be")
    let failed = DeliveryLine(
      position: 2, number: "F2", cct: "CCT456", file: "FACTURE2.pdf", recipients: [], state: .failed,
      detail: "Invalid email")
    #expect(
      french.line(of: failed, total: 50) == "⚠️ Email 2/50 ERREUR : CCT456 - FACTURE2.pdf : Invalid email")
    var first = Counts(total: 50)
    (first.sent, first.failed, first.left) = (48, 2, 0)
    #expect(french.end(.completed, first) == "✅ Envoi terminé : 48 succès, 2 erreur(s) sur 50 facture(s)")
    var second = Counts(total: 2)
    (second.failed, second.left, second.already) = (2, 0, 48)
    #expect(
      french.end(.completed, second)
        == "✅ Envoi terminé : 0 succès, 2 erreur(s) sur 2 facture(s), 48 déjà envoyée(s)")
    var all = first
    (all.already, all.skipped, all.unknown, all.cancelled) = (1, 2, 3, 4)
    #expect(
      french.end(.waiting, all)
        == "✅ Envoi terminé : 48 succès, 2 erreur(s) sur 50 facture(s), 1 déjà envoyée(s), 2 ignorée(s), "
        + "3 à vérifier, 4 annulée(s)")

    func journal(_ kind: Event.Kind, _ delivery: DeliveryLine? = nil) -> String {
      french.journalLine(
        of: Event(
          id: EventID(epoch: "e", sequence: 1), kind: kind, job: 1, at: Date(timeIntervalSince1970: 0),
          state: .completed, counts: kind == .start ? Counts(total: 50) : first, elapsed: 1, pipeline: "invoices",
          delivery: delivery))
    }
    #expect(journal(.start) == "🚀 Début de l'envoi...")
    #expect(journal(.progress, sent) == "✅ [1/50] Email envoyé : CCT123 - FACTURE.pdf")
    #expect(journal(.progress, failed) == "❌ [2/50] Erreur email : CCT456 - FACTURE2.pdf : Invalid email")
    #expect(journal(.complete) == "🎉 Envoi terminé : 48 succès, 2 erreur(s)")
  }

  @Test("the other side's words stand behind ours, on one line, braces and all")
  func detail() {
    #expect(french.reason(.recipientRefused) == "destinataire refusé")
    #expect(
      french.reason(.recipientRefused, detail: "Invalid\r\nTo {total} header\u{2028}\u{1b}[31m")
        == "destinataire refusé (Invalid  To {total} header  [31m)")
    #expect(english.reason(.recipientRefused, detail: "x") == "recipient refused (x)")
  }

  @Test("each code has a sentence of its own in both languages, each hold a remedy")
  func complete() {
    for sentences in [french, english] {
      let reasons = ErrorCode.allCases.map { sentences.reason($0) }
      #expect(Set(reasons).count == reasons.count && reasons.allSatisfy { !$0.isEmpty && !$0.contains("{") })
      let problems = ImportProblemCode.allCases.map { sentences.importProblem($0.rawValue) }
      #expect(Set(problems).count == problems.count && problems.allSatisfy { !$0.isEmpty && !$0.contains("_") })
      for kind in Hold.Kind.allCases {
        for code in [nil] + ErrorCode.allCases.map(Optional.some) {
          let hold = Hold(kind: kind, code: code, since: Date(timeIntervalSince1970: 0))
          let remedy = sentences.remedy(hold, job: 7)
          #expect(!remedy.isEmpty && !remedy.contains("{"))
          if code == nil { #expect(remedy.contains("invoicectl resume 7") == kind.needsPerson) }
        }
      }
    }
    #expect(
      zip(ErrorCode.allCases.map { french.reason($0) }, ErrorCode.allCases.map { english.reason($0) })
        .allSatisfy { $0 != $1 })
    #expect(french.importProblem("of_tomorrow") == "of_tomorrow")
  }
}
