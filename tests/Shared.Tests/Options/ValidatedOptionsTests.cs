using System.ComponentModel.DataAnnotations;
using Gateway.Shared.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Tests.Options;

public sealed class ValidatedOptionsTests
{
    [Fact]
    public async Task Valid_values_are_bound()
    {
        using var host = Build(("Gateway:Kettle:Litres", "3"), ("Gateway:Kettle:Names:0", "Polly"));
        await host.StartAsync();

        var kettle = host.Services.GetRequiredService<IOptions<KettleOptions>>().Value;
        (kettle.Litres, kettle.Colour, kettle.Names.Single()).ShouldBe((3, "red", "Polly"));
    }

    [Fact]
    public async Task Invalid_value_stops_the_start_with_a_readable_line()
    {
        (await ErrorsAsync(("Gateway:Kettle:Litres", "11"))).ShouldBe(["Gateway:Kettle:Litres: must be from 1 to 10"]);
    }

    [Fact]
    public async Task Unknown_key_stops_the_start_with_a_readable_line()
    {
        (await ErrorsAsync(("Gateway:Kettle:Liters", "3"))).ShouldBe(["Gateway:Kettle:Liters: is not a known key"]);
    }

    [Fact]
    public async Task Unknown_nested_key_is_found()
    {
        (await ErrorsAsync(("Gateway:Kettle:Lid:Coler", "3"))).ShouldBe(["Gateway:Kettle:Lid:Coler: is not a known key"]);
    }

    [Fact]
    public async Task Value_of_the_wrong_type_stops_the_start_and_names_its_key()
    {
        (await ErrorsAsync(("Gateway:Kettle:Litres", "lots"))).ShouldBe(["Gateway:Kettle:Litres: 'lots' is not a whole number"]);
    }

    [Fact]
    public async Task All_errors_are_reported_at_once()
    {
        (await ErrorsAsync(
            ("Gateway:Kettle:Litres", "0"), ("Gateway:Kettle:Colour", ""), ("Gateway:Kettle:Liters", "3"),
                ("Gateway:Kettle:Whistles", "loud")))
            .Order().ShouldBe(
            [
                "Gateway:Kettle:Colour: must name a colour",
                "Gateway:Kettle:Liters: is not a known key",
                "Gateway:Kettle:Litres: must be from 1 to 10",
                "Gateway:Kettle:Whistles: 'loud' is not true or false",
            ]);
    }

    private static async Task<IEnumerable<string>> ErrorsAsync(params (string Key, string Value)[] settings)
    {
        using var host = Build(settings);
        return (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync())).Failures;
    }

    private static IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            settings.Select(one => KeyValuePair.Create<string, string?>(one.Key, one.Value)));
        builder.Services.AddValidatedOptions<KettleOptions>("Gateway:Kettle");
        return builder.Build();
    }

    private sealed class KettleOptions
    {
        [Range(1, 10, ErrorMessage = "must be from 1 to 10")]
        public int Litres { get; set; } = 1;

        [Required(ErrorMessage = "must name a colour")]
        public string Colour { get; set; } = "red";

        public string[] Names { get; set; } = [];

        public bool Whistles { get; set; }

        public LidOptions Lid { get; set; } = new();
    }

    private sealed class LidOptions
    {
        public string Colour { get; set; } = "black";
    }
}
