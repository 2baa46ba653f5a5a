using System.Reflection;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Repositories;

/// <summary>Which searches read the whole store, and which the newest rows alone.</summary>
public sealed class EventSearchTests
{
    private static readonly DateTimeOffset Floor = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly EventFilter[] ByIndex =
    [
        new(), new() { EventId = "e" }, new() { ShipmentId = "s" }, new() { EventIdPrefix = "e" },
        new() { ShipmentIdPrefix = "s" },
        new() { ErrorText = "503", Status = EventStatus.Failed }, new() { Status = EventStatus.Processed },
    ];

    private static readonly EventFilter[] ByRow =
    [
        new() { TraceId = "t" }, new() { RouteId = "r" }, new() { ErrorText = "503", Status = EventStatus.Pending },
    ];

    [Fact]
    public async Task Search_by_an_index_reads_the_whole_store()
    {
        foreach (var filter in ByIndex) (await OfAsync(filter)).ShouldBe(new EventSearch(filter, null));
    }

    [Fact]
    public async Task Search_without_an_index_reads_the_newest_rows_alone()
    {
        foreach (var filter in ByRow) (await OfAsync(filter)).ShouldBe(new EventSearch(filter with { From = Floor }, Floor));
    }

    [Fact]
    public async Task Small_store_or_a_later_from_has_no_limit()
    {
        foreach (var filter in ByRow)
        {
            (await OfAsync(filter, floor: null)).ShouldBe(new EventSearch(filter, null));
            var later = filter with { From = Floor };
            (await OfAsync(later)).ShouldBe(new EventSearch(later, null));
            var earlier = filter with { From = Floor.AddDays(-1) };
            (await OfAsync(earlier)).From.ShouldBe(Floor);
        }
    }

    [Theory]
    [InlineData(19_999, false)]
    [InlineData(20_000, true)]
    public async Task Prefix_or_text_of_many_events_is_compared_by_row(int matches, bool isByRow)
    {
        foreach (var filter in ByIndex.Where(
            filter => (filter.EventIdPrefix ?? filter.ShipmentIdPrefix ?? filter.ErrorText) is not null))
        {
            var search = await OfAsync(filter, matches: matches);

            (search.Filter.IsByTime, search.From).ShouldBe((isByRow, isByRow ? Floor : null), $"{filter}");
        }
    }

    [Fact]
    public async Task Count_of_events_that_no_index_selects_reads_the_newest_rows_alone()
    {
        foreach (var filter in new EventFilter[]
        {
            new(), new() { Status = EventStatus.Processed }, new() { Outcome = EventOutcome.Mapped }, new() { Source = "dhl" },
        })
        {
            (await OfAsync(filter, isCount: true)).From.ShouldBe(Floor, $"{filter}");
        }

        foreach (var filter in new EventFilter[]
        {
            new() { Status = EventStatus.Failed }, new() { MerchantId = "m" }, new() { Outcome = EventOutcome.Late },
            new() { LastError = "503" }, new() { EventIdPrefix = "e" },
        })
        {
            (await OfAsync(filter, isCount: true)).From.ShouldBeNull($"{filter}");
        }
    }

    private static Task<EventSearch> OfAsync(EventFilter filter, bool isCount = false, int matches = 1)
        => OfAsync(filter, Floor, isCount, matches);

    private static Task<EventSearch> OfAsync(EventFilter filter, DateTimeOffset? floor, bool isCount = false, int matches = 1)
    {
        var store = DispatchProxy.Create<IEventQueries, Store>();
        ((Store)store).Answers = (matches, floor);
        return EventSearch.OfAsync(store, filter, isCount, CancellationToken.None);
    }

    public class Store : DispatchProxy
    {
        public (int Matches, DateTimeOffset? Floor) Answers { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IEventQueries.CountAsync) => Task.FromResult(Answers.Matches),
            nameof(IEventQueries.ReceivedAtAsync) => Task.FromResult(Answers.Floor),
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }
}
