using System.ComponentModel.DataAnnotations;
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
        services.AddSingleton<IValidateOptions<T>>(new AnnotationValidator<T>(section));
        return services.AddOptions<T>()
            .BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
    }

    private sealed class AnnotationValidator<T>(string section) : IValidateOptions<T> where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var mistakes = new List<ValidationResult>();
            if (Validator.TryValidateObject(options, new ValidationContext(options), mistakes, validateAllProperties: true))
                return ValidateOptionsResult.Success;
            return ValidateOptionsResult.Fail(
                mistakes.Select(mistake => $"{section}:{string.Join(",", mistake.MemberNames)}: {mistake.ErrorMessage}"));
        }
    }
}
