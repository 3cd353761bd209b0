import Model

/// The four stages that a job's invoices go through, ready for use.
package struct Pipeline: Sendable {
  package var name: String
  package var select: any SelectStage
  package var render: any RenderStage
  package var send: any SendStage
  package var record: [RecordStep]
  package var backoff: Backoff

  package init(
    name: String, select: any SelectStage, render: any RenderStage, send: any SendStage,
    record: [RecordStep], backoff: Backoff
  ) {
    self.name = name
    self.select = select
    self.render = render
    self.send = send
    self.record = record
    self.backoff = backoff
  }
}

/// One of a pipeline's record stages.
package struct RecordStep: Sendable {
  /// Tells it from the pipeline's other ones, and stays the same over a restart: the store keeps who has a receipt.
  package var name: String
  package var stage: any RecordStage

  package init(name: String, stage: any RecordStage) {
    self.name = name
    self.stage = stage
  }
}
