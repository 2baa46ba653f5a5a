namespace Gateway.LoadTest.Accounting;

/// <summary>A line of the books; null is neither right nor wrong.</summary>
internal sealed record AccountLine(string What, long Count, bool? IsRight);

internal static class AccountLines
{
    public static IEnumerable<AccountLine> Of(Account account)
    {
        var books = account.Books;
        yield return new("accepted (202)", books.Promised, null);
        yield return new("lost", books.LostCount, books.LostCount == 0);
        yield return new("listed twice", books.TwiceCount, books.TwiceCount == 0);
        yield return new("never sent, but there", books.InventedCount, books.InventedCount == 0);
        yield return new("unknown (503 or no answer)", books.Unknown, null);
        yield return new("unknown, and there", books.UnknownThere, null);
        yield return new("processed", books.Processed, null);
        foreach (var (outcome, count) in books.FailedByOutcome) yield return new($"failed: {outcome}", count, null);
        yield return new("still pending", books.Pending, books.Pending == 0);
        if (account.Routing is not { } routing) yield break;
        yield return new("routed, as the routing service knows", routing.DistinctKeys, routing.DistinctKeys >= books.Routed);
        yield return new("routed twice, explained by a broken call", Math.Min(routing.RepeatedKeys, routing.Explained), null);
        yield return new("routed twice without a reason", routing.Doubled, routing.Doubled == 0);
    }
}
