"""Phrases that many templates share, by name."""

_BY_NAME = {
    "hello": "[Hi|Hello|Hey|Good morning|Good afternoon|Dear team|Dear Sir or Madam|Greetings|To whom it may concern]",
    "dear": "[Dear|Hi|Hello|Good morning|Hey|Good day]",
    "bye": "[Regards|Kind regards|Best wishes|Thanks|Many thanks|Sincerely|Cheers|Best|Yours faithfully|Thank you]",
    "please": "[please|could you|can you|would you kindly|kindly]",
    "said": "[said|told us|explained|announced|admitted|wrote|insisted|added|claimed|warned]",
    "works": "[works|worked|is working|has worked|used to work|started working]",
    "lives": "[lives|lived|is living|has been living|used to live|settled|grew up|stays]",
    "moved": "[moved|relocated|emigrated|flew|travelled|returned]",
    "when": "[yesterday|last week|this morning|two days ago|recently|last month|earlier today|a while ago|]",
    "kin": "[brother|sister|mother|father|cousin|uncle|aunt|wife|husband|son|daughter|neighbour|friend|colleague|boss|nephew]",
    "they": "[he|she|they]",
    "their": "[his|her|their]",
    "bought": "[bought|ordered|purchased|returned|paid for|received|reserved|tried on]",
    "item": "[order|parcel|refund|invoice|delivery|subscription|account|booking|complaint|ticket|reservation]",
    "bank": "[bank|insurance|phone company|landlord|employer|school|clinic|gym|library|shop]",
    "polite": "[please|kindly|]",
    "who": "[{person}|{full}|{titled}|{first}]",
    "where": "[{city}|{city}|{country}|{place}|{city}, {country}|{city}, {state}]",
}
PHRASES: tuple[tuple[str, str], ...] = tuple(_BY_NAME.items())
