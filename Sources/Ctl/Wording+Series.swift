import Control
import Model

/// What is said about a pipeline that begins where another series has sent invoices.
extension Wording {
  /// The answer that begins anew; the daemon's own word, in both languages.
  static let newSeries = "new"

  /// How many invoices were sent by whom, and the two ways on.
  func undecided(_ question: SeriesQuestion) -> String {
    let (pipeline, invoices) = (question.pipeline, question.invoices)
    let begins = choose(
      fr: "Le pipeline \(pipeline) commence, et le catalogue contient \(invoices) facture(s).",
      en: "The pipeline \(pipeline) begins, and the catalogue holds \(invoices) invoice(s).")
    let ways = question.others.map { use in
      let goesOn = choose(fr: "`series: \(use.series)` le continue", en: "`series: \(use.series)` goes on with it")
      return self.use(use) + choose(fr: " : \(goesOn)", en: ": \(goesOn)")
    }
    return begins + " " + ways.joined(separator: "; ")
      + choose(fr: ", `series: new` recommence à zéro.", en: ", `series: new` begins anew.")
  }

  private func use(_ use: SeriesQuestion.Use) -> String {
    let (sent, open, pipeline) = (use.sent, use.open, use.pipeline)
    if sent == 0 {
      return choose(
        fr: "\(open) d'entre elles sont encore à envoyer ou à vérifier par le pipeline \(pipeline)",
        en: "\(open) of these are still to be sent or checked by the pipeline \(pipeline)")
    }
    let text = choose(
      fr: "\(sent) d'entre elles ont été envoyées par le pipeline \(pipeline)",
      en: "\(sent) of these were sent by the pipeline \(pipeline)")
    guard open > 0 else { return text }
    return text
      + choose(
        fr: ", \(open) y sont encore à envoyer ou à vérifier", en: ", \(open) are still to be sent or checked there")
  }

  /// Any other answer sends nothing.
  func seriesQuestion(_ question: SeriesQuestion) -> String {
    let names = (question.others.map(\.series) + [Self.newSeries]).joined(separator: "/")
    return choose(fr: "Laquelle ? (\(names)) series: ", en: "Which one? (\(names)) series: ")
  }

  /// The daemon's refusal, where nobody can be asked.
  func seriesUndecided(_ question: JSON?) -> String {
    let question = question.flatMap { json in
      try? WireJSON.decode(SeriesQuestion.self, from: WireJSON.encode(json))
    }
    let advice = choose(
      fr: "Écrivez l'une de ces lignes dans le pipeline, dans invoiced.yaml, ou donnez --series.",
      en: "Write one of these lines into the pipeline, in invoiced.yaml, or give --series.")
    return question.map { "\(undecided($0)) \(advice)" } ?? advice
  }

  func noSuchSeries(_ name: String) -> String {
    choose(
      fr: "Il n'y a pas de série « \(name) ». Celle d'un pipeline : invoicectl status",
      en: "There is no series \"\(name)\". That of a pipeline: invoicectl status")
  }
}
