import Foundation
import Model
import TestSupport
import Testing

@Suite("python-varlink, which is none of ours", .startsPrograms)
struct ForeignClientTests {
  private static let isInstalled =
    (try? RunningProgram("python3", ["-c", "import varlink"]).endBlocking()) == 0

  private static let program = """
    import sys, varlink
    with varlink.Client.new_with_address(sys.argv[1]) as client:
        print(client.get_interfaces())
        with client.open("io.invoiced.Jobs") as jobs:
            print("invoices", jobs.GetStatus()["invoices"])
            job = jobs.Start(request="python", filter={}, all=True)["job"]["id"]
            with client.open("io.invoiced.Jobs") as watch:
                for reply in watch.Watch(job=job, _more=True):
                    if reply.get("event"):
                        event = reply["event"]
                        delivery = event.get("delivery") or {}
                        print(event["kind"], event["counts"]["sent"], delivery.get("number", ""))
                    if reply.get("end"):
                        print("end")
            print(jobs.GetJob(job=job)["job"]["state"])
            try:
                jobs.Pause(job=job)
            except varlink.VarlinkError as error:
                print(error.error(), error.parameters())
    """

  @Test(
    "lists the interface, starts a job and watches it to the end",
    .enabled(if: isInstalled, "python-varlink is not installed: pip install varlink"))
  func python() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(5))
    let address = "unix:\(daemon.socket)"
    let info = try RunningProgram("python3", ["-m", "varlink.cli", "info", address])
    #expect(try await info.end() == 0 && info.output.contains("io.invoiced.Jobs"), "\(info.output) \(info.errors)")
    let help = try RunningProgram("python3", ["-m", "varlink.cli", "help", "\(address)/io.invoiced.Jobs"])
    #expect(try await help.end() == 0 && help.output.contains("method Start("), "\(help.output) \(help.errors)")
    let client = try RunningProgram("python3", ["-c", Self.program, address])
    #expect(try await client.end() == 0, "\(client.output) \(client.errors)")
    let lines = client.output.split(separator: "\n").map(String.init)
    #expect((lines.first ?? "").contains("io.invoiced.Jobs") && lines.contains("invoices 5") && lines.contains("end"))
    #expect(lines.contains { $0.hasPrefix("complete 5") }, "\(lines)")
    #expect(Set(lines.compactMap { $0.hasPrefix("progress") ? $0.split(separator: " ").last : nil }).count <= 5)
    #expect(lines.contains("completed"))
    #expect(lines.last?.hasPrefix("io.invoiced.Jobs.IllegalState") ?? false, "\(lines)")
    #expect(try daemon.delivered() == SampleInvoice.series(5).numbers)
  }
}
