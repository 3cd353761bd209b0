import Testing

@testable import Sandbox

@Suite struct AddressListTests {
  @Test(
    "addresses are read as RFC 5322 writes them",
    arguments: [
      ("ann@example.org", ["ann@example.org"]),
      (
        #""Doe, Ann" <ann@example.org>, Bob (the: "boss", yes) <bob@example.org>"#,
        ["ann@example.org", "bob@example.org"]
      ),
      (
        "team: a@example.org, b@example.org;, c@xn--bcher-kva.example",
        ["a@example.org", "b@example.org", "c@xn--bcher-kva.example"]
      ),
      (#"=?utf-8?Q?Andr=C3=A9?= <"odd local"@example.org>"#, [#""odd local"@example.org"#]),
      ("", []),
    ])
  func reads(value: String, addresses: [String]) {
    #expect(AddressList(value)?.addresses == addresses)
  }

  @Test(
    "what is no address makes the whole list invalid",
    arguments: [
      "ann", "ann@", "@example.org", "ann@localhost", "an n@example.org", "ann@exa mple.org", "ann..b@example.org",
      "é@example.org", "ann@example.org>", "ann@-a.example",
    ])
  func refuses(value: String) {
    #expect(AddressList("bob@example.org, " + value) == nil)
  }
}
