"""What is known before the first word: consumer, campaign, monitoring, engagement attributes, co-browsing."""

from __future__ import annotations

import random
from typing import Any

from .slots import digits, number, text
from .stage import BY_ID, EVERYWHERE, Stage, when

Json = dict[str, Any]
CAMPAIGNS = [("880170010", "Support pages", "Help bubble"), ("880170020", "Checkout rescue", "Basket corner"),
             ("880170030", "Winter sale", "Banner")]  # fmt: skip


def before(stage: Stage, rng: random.Random, lang: str) -> None:
    """Entries that are there from the conversation's first instant."""
    _consumer(stage)
    if stage.variant == "system":
        stage.add(
            "agentParticipants", 0, {**stage._person("X"), **when(0), "permission": "CONTROLLER", "dialogId": text("C")}
        )
    if stage.channel in ("SHARK", "APP") and rng.random() < 0.8:
        _campaign(stage, rng)
    if stage.channel == "SHARK":
        _monitoring(stage, lang)
    if rng.random() < 0.55:
        _attributes(stage, rng, lang)
    if stage.channel == "SHARK" and rng.random() < 0.06:
        _cobrowse(stage, rng)


def _consumer(stage: Stage) -> None:
    names = {"firstName": "first", "lastName": "last", "consumerName": "consumer"}
    body: Json = {"participantId": text("U"), **{key: text(slot) for key, slot in names.items()}}
    body |= {"token": "undefined", "email": text("email"), "phone": text("phone"), "avatarURL": "undefined"}
    body |= {**when(0), **when(0, "joinTime"), "dialogId": text("C")}
    stage.add("consumerParticipants", 0, body)


def _campaign(stage: Stage, rng: random.Random) -> None:
    identifier, name, engagement = rng.choice(CAMPAIGNS)
    stage.add("campaign", 0, {
        "campaignEngagementId": f"{int(identifier) + 100}", "campaignEngagementName": engagement,
        "campaignId": identifier, "campaignName": name, "goalId": "880169910", "goalName": "Interact with visitors",
        "engagementSource": "WEB_SITE" if stage.channel == "SHARK" else "MOBILE_APP", "lobId": 880169510,
        "lobName": rng.choice(("Furniture", "Fashion", "Kitchen")), "locationId": "880169810",
        "locationName": "Entire site", "profileSystemDefault": True, "behaviorSystemDefault": rng.random() < 0.7,
    })  # fmt: skip


def _monitoring(stage: Stage, lang: str) -> None:
    country, code = {"en": ("United Kingdom", "GB"), "fr": ("France", "FR"), "ar": ("Jordan", "JO")}.get(
        lang, ("Germany", "DE")
    )
    stage.add("monitoring", 0, {
        "country": country, "countryCode": code, "state": "undefined", "city": text("city"), "isp": "Example Broadband",
        "org": "Example Broadband", "device": text("device"), "ipAddress": text("ip"), "browser": text("browser"),
        "operatingSystem": text("os"), "conversationStartPage": "https://harborpine.example/help",
        "conversationStartPageTitle": "Help - Harbor & Pine",
    })  # fmt: skip


def _cobrowse(stage: Stage, rng: random.Random) -> None:
    span = rng.randint(60_000, 400_000)
    start, end = stage.event(120_000), stage.event(120_000 + span)
    stage.add("coBrowseSessions", end, {
        "sessionId": f"cb-{text('tail')}", **when(start, "startTime"), **when(end, "endTime"),
        **when(start, "interactiveTime"), "interactive": True, "endReason": "AGENT_ENDED", "duration": span,
        "type": "inApp", "capabilities": ["view", "scroll"], "agentId": text("A.id"),
    })  # fmt: skip


def _attributes(stage: Stage, rng: random.Random, lang: str) -> None:
    kinds = [_customer, _personal]
    kinds += rng.sample(
        [_marketing, _cart, _purchase, _viewed, _lead, _service, _error, _search], rng.choice((0, 0, 1, 2))
    )
    for make in kinds:
        sde_type, key, body, doubled = make(rng, lang)
        trusted = rng.random() < 0.8
        container = "sdes" if trusted else "unAuthSdes"
        scope = BY_ID if rng.random() < 0.12 and make not in (_customer, _personal) else EVERYWHERE
        for v in (1, 2) if trusted else (2,):
            value = body if v == 2 else _as_text(body)
            event: Json = {key: {**_stamps(v), key: value} if doubled else {**_stamps(v), **value}}
            event |= {"sdeType": sde_type, "serverTimeStamp": digits("l0")}
            if not trusted:
                event["isAuthenticated"] = False
            stage.add(container, 0, event, scope=scope, v=v)


def _stamps(v: int) -> Json:
    return {"serverTimeStamp": digits("l0"), "originalTimeStamp": number("l0")}


def _as_text(value: Any) -> Any:
    """Version 1 of the API: every value is text."""
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return value if value is None or isinstance(value, str) else str(value).lower()


Made = tuple[str, str, Json, bool]


def _customer(rng: random.Random, lang: str) -> Made:
    kind = rng.choice(("gold", "silver", "new"))
    body: Json = {"customerId": f"HP-{text('tail')}", "customerType": kind, "socialId": None}
    body |= {"balance": rng.randint(-50, 900) / 4, "currency": "EUR", "userName": f"user-{text('tail')}"}
    body["registrationDate"] = {"year": rng.randint(2015, 2025), "month": rng.randint(1, 12), "day": rng.randint(1, 28)}
    return "CUSTOMER_INFO", "customerInfo", body, True


def _personal(rng: random.Random, lang: str) -> Made:
    contact = {
        "email": text("email"),
        "phone": None,
        "phoneType": None,
        "address": None,
        "preferredContactMethod": None,
    }
    body = {"name": text("first"), "surname": text("last"), "language": lang}
    body_ = {**body, "contacts": [{"personalContact": contact}]}
    return "PERSONAL_INFO", "personalInfo", body_, rng.random() < 0.85


def _marketing(rng: random.Random, lang: str) -> Made:
    body = {"originatingChannel": rng.randint(0, 6), "affiliate": "Blue Lantern", "campaignId": "sale-7"}
    return "MARKETING_CAMPAIGN_INFO", "marketingCampaignInfo", body, True


def _products(rng: random.Random) -> list[Json]:
    price = rng.randint(40, 4000) / 4
    product = {"name": "oak bookcase", "category": "furniture", "sku": f"OB-{rng.randint(100, 999)}", "price": price}
    return [{"quantity": rng.randint(1, 3), "product": product}]


def _cart(rng: random.Random, lang: str) -> Made:
    body = {"total": rng.randint(40, 4000) / 4, "currency": "EUR", "numItems": 2, "products": _products(rng)}
    return "CART_STATUS", "cartStatus", body, False


def _purchase(rng: random.Random, lang: str) -> Made:
    cart = {"products": _products(rng), "numItems": 1}
    body = {"total": rng.randint(40, 4000) / 4, "currency": "EUR", "orderId": text("order"), "cart": cart}
    return "PURCHASE", "purchase", body, False


def _viewed(rng: random.Random, lang: str) -> Made:
    return "VIEWED_PRODUCT", "viewedProduct", {"products": _products(rng), "currency": "EUR"}, False


def _lead(rng: random.Random, lang: str) -> Made:
    body = {"topic": "kitchen planning", "value": float(rng.randint(100, 900)), "currency": "EUR", "leadId": "ld-88"}
    return "LEAD", "lead", body, True


def _service(rng: random.Random, lang: str) -> Made:
    body = {"topic": "warranty", "status": rng.choice((0, 1, 13)), "category": "repair", "serviceId": "s-12"}
    return "SERVICE_ACTIVITY", "serviceActivity", body, True


def _error(rng: random.Random, lang: str) -> Made:
    body = {"contextId": "checkout", "message": "card declined", "code": "E-402", "level": 2, "resolved": False}
    return "VISITOR_ERROR", "visitorError", body, True


def _search(rng: random.Random, lang: str) -> Made:
    return "SEARCH_CONTENT", "searchContent", {"keywords": ["return label", "refund"]}, False
