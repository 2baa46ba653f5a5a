using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Features;

/// <summary>The events of an operation. Exactly one of keys and filter must be given.</summary>
public abstract record EventSelectionDto
{
    internal const int MaxPerCall = 10_000;

    private static readonly JsonSerializerOptions WithoutNulls =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public IReadOnlyList<string>? Keys { get; init; }

    public EventFilterDto? Filter { get; init; }

    /// <summary>
    /// With a filter: the maximum number, 0 to 10,000; 10,000 by default. With 0 nothing is done, and <c>remaining</c> is the
    /// number of events that match.
    /// </summary>
    public int? Limit { get; init; }

    internal int AtMost => Limit ?? MaxPerCall;

    /// <summary>It only counts, so it is not an action for the audit log.</summary>
    internal bool IsPreview => Limit == 0;

    internal IReadOnlyList<EventKey> EventKeys() => [.. Keys!.Select(text => EventKey.TryParse(text, out var key)
        ? key.Value
        : throw new ArgumentException($"'{text}' is not an event key.", nameof(text)))];

    /// <summary>For the audit log. Ids as hashes, because the audit log keeps them longer than an erasure allows.</summary>
    internal string Describe() => Filter is not { } filter
        ? Keys!.Count == 1 ? "1 key" : $"{Keys.Count} keys"
        : Describe(filter);

    internal static string Describe(EventFilterDto filter)
        => "filter " + JsonSerializer.Serialize(
            filter with
            {
                EventId = AuditWriter.Redact(filter.EventId),
                EventIdPrefix = AuditWriter.Redact(filter.EventIdPrefix),
                KeyPrefix = AuditWriter.Redact(filter.KeyPrefix),
                ShipmentId = AuditWriter.Redact(filter.ShipmentId),
                ShipmentIdPrefix = AuditWriter.Redact(filter.ShipmentIdPrefix),
                MerchantId = AuditWriter.Redact(filter.MerchantId),
            },
            WithoutNulls);
}

internal sealed class EventSelectionRules : AbstractValidator<EventSelectionDto>
{
    public EventSelectionRules()
    {
        RuleFor(selection => selection).Must(selection => selection.Keys is null != selection.Filter is null)
            .OverridePropertyName("keys").WithMessage("exactly one of keys and filter must be given");
        // One failure for all keys: with one each, 1 MB of empty keys took 600 MB.
        RuleFor(selection => selection.Keys!).Custom(CheckKeys).When(selection => selection.Keys is not null);
        RuleFor(selection => selection.Filter!).SetValidator(new EventFilterRules("filter."))
            .When(selection => selection.Filter is not null).OverridePropertyName("");
        RuleFor(selection => selection.Limit)
            .Must((selection, limit) => limit is null
                || (selection.Keys is null && limit is >= 0 and <= EventSelectionDto.MaxPerCall))
            .OverridePropertyName("limit")
            .WithMessage($"limit must be a number from 0 to {EventSelectionDto.MaxPerCall} and needs a filter");
    }

    private static void CheckKeys(IReadOnlyList<string> keys, ValidationContext<EventSelectionDto> context)
    {
        if (keys.Count > EventSelectionDto.MaxPerCall)
        {
            context.AddFailure("keys", $"keys must be at most {EventSelectionDto.MaxPerCall}");
            return;
        }

        var right = keys.TakeWhile(key => key is not null && EventKey.TryParse(key, out _)).Count();
        if (right < keys.Count) context.AddFailure($"keys[{right}]", "keys must contain keys of events only");
    }
}
