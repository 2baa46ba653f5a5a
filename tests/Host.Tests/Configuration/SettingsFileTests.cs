using System.Collections;
using System.Reflection;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Host.Tests.Configuration;

/// <summary>
/// appsettings.json is the reference: every key of every options class, with the default that holds without it.
/// </summary>
public sealed class SettingsFileTests
{
    private static readonly IConfiguration File = new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build();

    private static readonly Type[] OptionsClasses =
        [.. Solution.Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => SectionOf(type) is not null)];

    public static TheoryData<string, string> Keys =>
        new(OptionsClasses.SelectMany(type => Properties(type).Select(property => (type.FullName!, property.Name))));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Settings_file_lists_each_key_with_its_default(string typeName, string propertyName)
    {
        var type = OptionsClasses.Single(type => type.FullName == typeName);
        var property = type.GetProperty(propertyName)!;
        var section = File.GetSection(SectionOf(type)!);
        section.GetChildren().Select(child => child.Key).ShouldContain(propertyName);
        var byDefault = property.GetValue(Activator.CreateInstance(type));
        var inFile = Activator.CreateInstance(type)!;

        section.Bind(inFile);

        // The binder adds to a default list instead of replacing it, so only the file may fill one.
        if (byDefault is ICollection or IList<string>) ((IEnumerable)byDefault).Cast<object>().ShouldBeEmpty();
        else property.GetValue(inFile).ShouldBe(byDefault);
    }

    [Fact]
    public async Task Every_options_class_is_registered_and_validated_at_start()
    {
        IServiceCollection services = null!;
        await using var host = GatewayHost.Start(collection => services = collection);

        OptionsClasses.ShouldNotBeEmpty();
        foreach (var type in OptionsClasses)
        {
            services.ShouldContain(
                service => service.ServiceType == typeof(IConfigureOptions<>).MakeGenericType(type), $"{type} is not configured");
            services.ShouldContain(
                service => service.ServiceType == typeof(IValidateOptions<>).MakeGenericType(type), $"{type} is not validated");
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties().Where(property => property.CanWrite);

    private static string? SectionOf(Type type) => type.GetField("Section")?.GetRawConstantValue() as string;
}
