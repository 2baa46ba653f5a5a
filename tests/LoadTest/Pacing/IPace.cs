namespace Gateway.LoadTest.Pacing;

/// <summary>Says when a connection that is free may send its next request.</summary>
internal interface IPace
{
    /// <summary>The next turn, or none when the run is over.</summary>
    ValueTask<Turn> NextAsync(Waiter waiter);

    /// <summary>The run begins now; no turn was given before.</summary>
    void Begin();

    /// <summary>No more turns; who waits for one is told.</summary>
    void End();
}
