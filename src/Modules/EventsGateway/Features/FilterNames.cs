using FluentValidation;

namespace Gateway.EventsGateway.Features;

/// <summary>The names of query parameters. Without this check a misspelled filter would select everything.</summary>
internal static class FilterNames
{
    private static readonly HashSet<string> Known = new(
        typeof(EventFilterDto).GetProperties().Select(property => property.Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Each name must be that of a filter or one of <paramref name="others"/>, and be given once.</summary>
    public static void MustBeFiltersOr<T>(this IRuleBuilderInitial<T, IReadOnlyList<string>> given, params string[] others)
        => given.Custom((names, context) =>
        {
            foreach (var name in names.Distinct().Where(name => !Known.Contains(name)
                && !others.Contains(name, StringComparer.OrdinalIgnoreCase)))
            {
                context.AddFailure(name, $"{name} is not a known parameter");
            }

            foreach (var (name, _) in names.CountBy(name => name).Where(one => one.Value > 1))
                context.AddFailure(name, $"{name} must be given once");
        });
}
