using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Options;

public static class ValidatedOptions
{
    /// <summary>
    /// Binds a section and validates it at start: unknown keys, unreadable values and data annotations, one line per error.
    /// </summary>
    public static OptionsBuilder<T> AddValidatedOptions<T>(this IServiceCollection services, string section) where T : class
    {
        services.AddSingleton(provider => new Section<T>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        services.AddSingleton<IConfigureOptions<T>>(provider => provider.GetRequiredService<Section<T>>());
        services.AddSingleton<IValidateOptions<T>>(provider => provider.GetRequiredService<Section<T>>());
        services.AddSingleton(new KnownSection(section));
        return services.AddOptions<T>().ValidateOnStart();
    }

    private sealed class Section<T>(IConfigurationSection section) : IConfigureOptions<T>, IValidateOptions<T> where T : class
    {
        private readonly List<string> _unreadable = [];

        // Key by key, because the binder stops at the first unreadable value and the others would not be reported.
        public void Configure(T options)
        {
            _unreadable.Clear();
            foreach (var setting in typeof(T).GetProperties().Where(setting => setting.CanWrite))
                Read(section.GetSection(setting.Name), setting, options);
        }

        public ValidateOptionsResult Validate(string? name, T options)
        {
            var errors = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true);
            string[] lines =
            [
                .. _unreadable,
                .. UnknownKeys(section, typeof(T)).Select(key => $"{key}: is not a known key"),
                .. errors.Select(error => $"{section.Path}:{string.Join(",", error.MemberNames)}: {error.ErrorMessage}"),
            ];
            return lines.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(lines);
        }

        private void Read(IConfigurationSection value, PropertyInfo setting, T options)
        {
            if (!value.Exists()) return;
            try
            {
                if (value.Get(setting.PropertyType) is { } read) setting.SetValue(options, read);
            }
            catch (InvalidOperationException)
            {
                _unreadable.Add($"{value.Path}: '{value.Value}' is not {KindOf(setting.PropertyType)}");
            }
        }

        private static string KindOf(Type type) => type switch
        {
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(double) => "a number",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a time span such as 00:00:30",
            _ when type == typeof(Uri) => "an address",
            _ => $"a {type.Name}",
        };

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

/// <summary>A section that a module reads; any other section below <c>Gateway</c> is an error.</summary>
internal sealed record KnownSection(string Path);
