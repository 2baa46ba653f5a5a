using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Architecture;

/// <summary>
/// CONTRIBUTING.md lists the files that a new field of the event touches. A file that handles both <c>merchantId</c> and
/// <c>occurredAt</c> copies or describes the whole event, so a new field belongs there too. One field alone is not enough: the
/// merchant is also a filter of searches and erasures, the time also orders events.
/// </summary>
public sealed partial class NewEventFieldTests
{
    private static readonly List<string> Listed =
    [
        .. ListedPath().Matches(Section().Match(Solution.Files(".", "CONTRIBUTING.md").Single().Text).Value)
            .Select(match => match.Groups[1].Value),
    ];

    [Fact]
    public void The_list_of_places_for_a_new_event_field_is_complete()
    {
        var whole = Solution.Files("src", "*").Where(file => Has(file, "merchantId") && Has(file, "occurredAt"))
            .Where(file => !IsShipment(file) && !IsSample(file)).Select(file => file.Path).ToList();

        whole.Count.ShouldBeGreaterThan(10);
        whole.Except(Listed).ShouldBeEmpty("missing in CONTRIBUTING.md, \"Add a field to the event\"");
    }

    [Fact]
    public void Every_listed_source_file_handles_the_fields_of_an_event()
        => Listed.Where(path => path.StartsWith("src/", StringComparison.Ordinal))
            .Where(path => !Has(new SourceFile(path), "merchantId")).ShouldBeEmpty();

    private static bool Has(SourceFile file, string field) => file.Text.Contains(field, StringComparison.OrdinalIgnoreCase);

    /// <summary>A shipment keeps the merchant and the time of its last event as fields of its own.</summary>
    private static bool IsShipment(SourceFile file) => file.Name.StartsWith("Shipment", StringComparison.Ordinal);

    /// <summary>A sample request shows the required fields only.</summary>
    private static bool IsSample(SourceFile file) => file.Name is "SampleForm.html" or "WebhookSample.cs" or "StartupBanner.cs";

    [GeneratedRegex(@"^### Add a field to the event$.*?(?=^#|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex("^\\d+\\. `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex ListedPath();
}
