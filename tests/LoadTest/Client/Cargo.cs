using Gateway.LoadTest.Events;

namespace Gateway.LoadTest.Client;

/// <summary>What all connections of a run share: what there is to send, what is next, and what became of it.</summary>
internal sealed record Cargo(CourierEvents Events, EventPlan Plan, EventLedger Ledger);
