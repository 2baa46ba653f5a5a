namespace Gateway.LoadTest.Machine;

/// <param name="Rss">Resident memory in bytes.</param>
/// <param name="Cpu">Processor time since it began.</param>
internal readonly record struct ProcessReading(long Rss, TimeSpan Cpu);
