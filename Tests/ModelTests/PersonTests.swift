import Model
import Testing

@Suite struct PersonTests {
  @Test(
    "a name that is given for another person can be read as it stands",
    arguments: [
      ("anna", "anna"), ("  Zoë Müller\t", "Zoë Müller"), ("Łukasz O’Neill-Đặng", "Łukasz O’Neill-Đặng"),
      ("李 娜", "李 娜"),
      (String(repeating: "a", count: 64), String(repeating: "a", count: 64)),
    ])
  func readable(text: String, name: String) {
    #expect(Person.givenName(text) == name)
  }

  @Test(
    "one that cannot be read so is none",
    arguments: [
      "", "  ", String(repeating: "a", count: 65), "a\u{0}b", "a\nb", "a\u{85}b", "anna\u{202E}toor", "\u{2066}anna",
      "anna\u{200E}", "an\u{200B}na", "an\u{AD}na", "an\u{FE0F}na", "an\u{2060}na", "anna\u{2028}bert", "\u{FEFF}anna",
      "anna\u{3164}", "anna\u{E0041}", "anna\u{E000}",
    ])
  func unreadable(text: String) {
    #expect(Person.givenName(text) == nil)
  }
}
