"""What better words for a prompt cost at most."""

from django import template

register = template.Library()


@register.simple_tag
def improve_price() -> str:
    """In words, of the dearest language model that may be asked; "" where no price is known."""
    from studio.jobs.enhancing import most_usd  # jobs load after the tags of templates
    from studio.pages.model_picker import money_words

    usd = most_usd()
    return money_words(usd) if usd is not None else ""
