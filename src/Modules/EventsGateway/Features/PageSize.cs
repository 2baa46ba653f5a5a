using System.Globalization;
using FluentValidation;

namespace Gateway.EventsGateway.Features;

/// <summary>The number of items on a page.</summary>
internal static class PageSize
{
    private const int Default = 50;
    private const int Max = 200;

    /// <summary>Null for an invalid limit.</summary>
    public static int? Of(string? limit) => limit is null ? Default
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= Max ? size
        : null;

    /// <summary>The error names the parameter as it was sent.</summary>
    public static void MustBeAPageSize<T>(this IRuleBuilderInitial<T, int?> size)
        => size.NotNull().OverridePropertyName("limit").WithMessage($"limit must be a number from 1 to {Max}");
}
