import Model

/// The four stages that a job's invoices go through, ready for use.
package struct Pipeline: Sendable {
  package var name: String
  package var select: any SelectStage
  package var render: any RenderStage
  package var send: any SendStage
  package var record: [any RecordStage]
  package var backoff: Backoff

  package init(
    name: String, select: any SelectStage, render: any RenderStage, send: any SendStage,
    record: [any RecordStage], backoff: Backoff
  ) {
    self.name = name
    self.select = select
    self.render = render
    self.send = send
    self.record = record
    self.backoff = backoff
  }
}
