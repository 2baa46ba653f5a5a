using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Sources;

namespace Gateway.EventsGateway.Features.EraseEvents;

/// <summary>
/// Finds the containers of a subject. Their requests could not be mapped, so a container has neither shipment nor merchant: its
/// request is searched for the id.
/// </summary>
internal sealed class ContainerSearch(IEventErasure erasure, CurrentSources sources)
{
    /// <summary>So few, because a body has up to 16 MiB.</summary>
    private const int Page = 16;

    public async Task<IReadOnlyList<FoundContainer>> FindAsync(ErasureSubject subject, CancellationToken cancellationToken)
    {
        var found = new List<FoundContainer>();
        var after = "";
        IReadOnlyList<EventEntity> page;
        do
        {
            page = await erasure.ContainersAsync(after, Page, cancellationToken);
            found.AddRange(page.Where(one => Concerns(one, subject)).Select(one => new FoundContainer(one.Key, one.Source)));
            if (page.Count > 0) after = page[^1].Key.EventId;
        }
        while (page.Count == Page);
        return found;
    }

    private bool Concerns(EventEntity container, ErasureSubject subject)
    {
        if (subject.ShippingCompanyId is { } courier && courier != container.Source) return false;
        var id = Encoding.UTF8.GetBytes(subject.ShipmentId ?? subject.MerchantId!);
        if (ValueSearch.Has(container.Body.Span, id)) return true;
        if (container.Headers is { } kept && ValueSearch.Has(Encoding.UTF8.GetBytes(kept), id)) return true;
        // An id can be made of several values, and that of the merchant can stand in the settings alone.
        if (sources.Table.ByName(container.Source) is not { } source) return false;
        if (subject.MerchantId is { } merchant && IsMerchantOfAll(source, merchant)) return true;
        var mapped = source.Mapping.Map(KeptValues.Read(container.Headers), container.Body, container.ReceivedAt);
        return mapped.Items.Any(item => item.Event is { } e
            && (subject.ShipmentId is null ? e.MerchantId == subject.MerchantId : e.ShipmentId == subject.ShipmentId));
    }

    private static bool IsMerchantOfAll(Source source, string merchant) => source.Mapping.Fields.Any(
        field => field is { Name: "Merchant", Template.References.Count: 0 } && field.Template.ToString() == merchant);
}

/// <param name="Key">Its key.</param>
/// <param name="Source">The source of its request.</param>
internal readonly record struct FoundContainer(EventKey Key, string Source);
