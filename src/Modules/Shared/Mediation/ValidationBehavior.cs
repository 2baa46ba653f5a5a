using FluentValidation;
using FluentValidation.Results;
using MediatR;

namespace Gateway.Shared.Mediation;

/// <summary>Runs all validators of a request before its handler and reports all errors at once.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse> where TRequest : IRequest<TResponse>
{
    private readonly IValidator<TRequest>[] _validators = [.. validators];

    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        List<ValidationFailure>? failures = null;
        foreach (var validator in _validators)
        {
            var result = validator.Validate(request);
            if (!result.IsValid) (failures ??= []).AddRange(result.Errors);
        }

        return failures is null ? next() : throw new ValidationException(failures);
    }
}
