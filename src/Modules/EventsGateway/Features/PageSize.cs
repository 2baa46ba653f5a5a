using System.Globalization;
using FluentValidation;

namespace Gateway.EventsGateway.Features;

/// <summary>How many items an operator asks for at once.</summary>
internal static class PageSize
{
    private const int Default = 50;
    private const int Largest = 200;

    /// <summary>Null where it is none.</summary>
    public static int? Of(string? limit) => limit is null ? Default
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= Largest ? size
        : null;

    /// <summary>The name that is blamed is the one that was sent.</summary>
    public static void MustBeAPageSize<T>(this IRuleBuilderInitial<T, int?> size)
        => size.NotNull().OverridePropertyName("limit").WithMessage($"limit must be a number from 1 to {Largest}");
}
