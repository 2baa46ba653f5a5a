using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Options;

public static class ValidatedOptions
{
    /// <summary>
    /// Binds a section, refuses unknown keys (a typo is a mistake, not a default) and validates the
    /// data annotations at start, one readable line per mistake.
    /// </summary>
    public static OptionsBuilder<T> AddValidatedOptions<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton<IValidateOptions<T>>(provider
            => new SectionValidator<T>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        services.AddSingleton(new KnownSection(section));
        return services.AddOptions<T>()
            .Configure<IConfiguration>((options, configuration) => Bind(configuration.GetSection(section), options))
            .ValidateOnStart();
    }

    // Only an OptionsValidationException lets the start go on to the other sections and their mistakes.
    private static void Bind<T>(IConfigurationSection section, T options) where T : class
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException mistake)
        {
            throw new OptionsValidationException(section.Path, typeof(T), [$"{section.Path}: {mistake.Message}"]);
        }
    }

    private sealed class SectionValidator<T>(IConfigurationSection section) : IValidateOptions<T> where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var mistakes = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), mistakes, validateAllProperties: true);
            string[] lines =
            [
                .. UnknownKeys(section, typeof(T)).Select(key => $"{key}: is not a known key"),
                .. mistakes.Select(mistake => $"{section.Path}:{string.Join(",", mistake.MemberNames)}: {mistake.ErrorMessage}"),
            ];
            return lines.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(lines);
        }

        private static IEnumerable<string> UnknownKeys(IConfigurationSection section, Type type)
        {
            foreach (var child in section.GetChildren())
            {
                var setting = type.GetProperties().FirstOrDefault(
                    property => property.CanWrite && property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
                if (setting is null) yield return child.Path;
                else if (setting.PropertyType.Assembly == type.Assembly && setting.PropertyType.IsClass)
                    foreach (var key in UnknownKeys(child, setting.PropertyType)) yield return key;
            }
        }
    }
}

/// <summary>A section that some module reads; any other below <c>Gateway</c> is a typo.</summary>
internal sealed record KnownSection(string Path);
