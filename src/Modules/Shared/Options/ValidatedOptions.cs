using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Options;

public static class ValidatedOptions
{
    /// <summary>
    /// Binds a section and validates it at start: values that do not convert, keys that nobody knows (a typo is a
    /// mistake, not a default) and data annotations, one readable line per mistake.
    /// </summary>
    public static IServiceCollection AddValidatedOptions<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton<IConfigureOptions<T>>(
            provider => new SectionBinder<T>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        services.AddSingleton<IValidateOptions<T>>(
            provider => new SectionValidator<T>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        services.AddSingleton(new KnownSection(section));
        services.AddOptions<T>().ValidateOnStart();
        return services;
    }

    private sealed class SectionBinder<T>(IConfigurationSection section) : IConfigureOptions<T> where T : class
    {
        public void Configure(T options)
        {
            try
            {
                section.Bind(options);
            }
            catch (InvalidOperationException unreadable)
            {
                throw new OptionsValidationException(section.Path, typeof(T), [unreadable.Message]);
            }
        }
    }

    private sealed class SectionValidator<T>(IConfigurationSection section) : IValidateOptions<T> where T : class
    {
        private static readonly HashSet<string> Known =
            typeof(T).GetProperties().Select(property => property.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

        public ValidateOptionsResult Validate(string? name, T options)
        {
            var found = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
            var mistakes = found.Select(mistake => $"{section.Path}:{string.Join(",", mistake.MemberNames)}: {mistake.ErrorMessage}")
                .Concat(section.GetChildren().Where(child => !Known.Contains(child.Key)).Select(child => $"{child.Path}: is not a known key"))
                .ToList();
            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }
    }
}

/// <summary>A section that some module reads; any other below `Gateway` is a typo.</summary>
internal sealed record KnownSection(string Path);
