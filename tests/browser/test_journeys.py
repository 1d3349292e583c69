"""What people do in a day, in a real browser against the whole product."""

from __future__ import annotations

from pathlib import Path

import pytest

from anxin.book.customers.models import Note, Party, PartyTag
from anxin.book.upkeep import services as upkeep
from anxin.engagement.renewals.models import Renewal
from anxin.faces.workspace.models import SavedView
from anxin.foundation.audit.models import Entry
from anxin.foundation.intake.models import Batch
from anxin.kernel import clock
from anxin.service.worklist.models import WorkItem
from tests import build
from tests.browser.insurer import MOBILE, Insurer, an_insurer, work_through_queue
from tests.browsing import MARKS, PHONE, Seat, Visit
from tests.build.people import PASSWORD

pytestmark = MARKS

# An agency's customers as its own spreadsheet names them; 30 February and a row without number are refused.
THEIRS = (
    "编号,客户名称,性别,生日,手机号码,职业说明\n"
    "A-01,诸葛云,女,1988-06-01,13912345678,会计\n"
    "A-02,司马青,男,1979-11-23,13812340002,司机\n"
    "A-03,上官明,男,1990-02-30,13812340003,\n"
    "A-04,端木清,女,1991-03-04,12,\n"
    ",东方红,女,1991-03-05,13812340005,\n"
)


@pytest.fixture
def insurer(db: None) -> Insurer:
    return an_insurer()


def find(seat: Seat, text: str, name: str) -> None:
    """Search by the palette and open what was found."""
    page = seat.page
    page.keyboard.press("Control+k")
    page.locator("#palette-q").fill(text)
    page.locator("#palette-found a.op", has_text=name).first.click()
    seat.settled()


def test_a_newcomer_signs_in_finds_a_customer_and_works_on_the_file(insurer: Insurer, visit: Visit) -> None:
    manager = insurer.cast.manager
    manager.set_password(PASSWORD)
    manager.save()
    seat = visit()
    page = seat.go("/")
    page.fill("[name=login]", manager.username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("heading", name="工作台").wait_for()
    assert "顾宁" in page.locator("header").first.inner_text()

    find(seat, "雪", "欧阳雪")
    assert page.url.endswith(f"/customers/{insurer.xue.ref}/")
    page.get_by_text("PHEA202401010003").first.wait_for()
    page.get_by_role("link", name="保单与理赔").click()
    page.get_by_text("CHEA202603040001").first.wait_for()

    # The number is masked until a reason is given; then the trail knows who looked and why.
    head = page.locator("section.card .hd")
    assert "138****6721" in head.inner_text() and MOBILE not in page.content()
    head.get_by_role("button", name="手机").or_(head.get_by_role("button", name="电话")).first.click()
    page.locator("#ask [name=reason]").select_option(index=1)
    page.locator("#ask [type=submit]").click()
    page.locator("#shown .shown").wait_for()
    assert page.locator("#shown .shown").inner_text() == MOBILE
    revealed = Entry.objects.get(action="customers.reveal")
    assert (revealed.actor_id, revealed.object_ref) == (manager.pk, insurer.xue.ref) and revealed.reason
    page.locator("#shown [data-dialog-close]").click()

    page.get_by_role("button", name="写备注").first.click()
    page.locator("#ask textarea").fill("下周三下午方便接电话")
    page.locator("#ask [type=submit]").click()
    page.locator("#ask").wait_for(state="detached")
    assert Note.objects.get(party=insurer.xue).text == "下周三下午方便接电话"
    seat.go(f"/customers/{insurer.xue.ref}/")
    page.get_by_text("下周三下午方便接电话").first.wait_for()

    page.get_by_role("link", name="编辑").first.click()
    page.get_by_label("工作单位").fill("浦东第二中学")
    page.get_by_role("button", name="保存资料").click()
    page.get_by_text("资料已保存").first.wait_for()
    insurer.xue.refresh_from_db()
    assert insurer.xue.employer == "浦东第二中学"


def test_who_saves_second_sees_both_values_and_keeps_her_input(insurer: Insurer, visit: Visit) -> None:
    address = f"/customers/{insurer.xue.ref}/edit/"
    slow, quick = visit(insurer.cast.manager), visit(insurer.cast.team_lead)
    page = slow.go(address)
    page.get_by_label("工作单位").fill("她的单位")
    other = quick.go(address)
    other.get_by_label("工作单位").fill("主管填的单位")
    other.get_by_role("button", name="保存资料").click()
    other.get_by_text("资料已保存").first.wait_for()

    page.get_by_role("button", name="保存资料").click()
    alert = page.locator("[role=alert]").first
    alert.wait_for()
    assert "何立" in alert.inner_text()
    assert {"主管填的单位", "她的单位"} <= set(page.locator("#main td").all_inner_texts())
    assert page.get_by_label("工作单位").input_value() == "她的单位"
    page.get_by_role("button", name="保存资料").click()
    page.get_by_text("资料已保存").first.wait_for()
    insurer.xue.refresh_from_db()
    assert insurer.xue.employer == "她的单位"


def test_a_steward_imports_her_own_file_and_finds_the_new_customer(
    insurer: Insurer, visit: Visit, tmp_path: Path
) -> None:
    file = tmp_path / "代理渠道客户.csv"
    file.write_bytes(THEIRS.encode("gb18030"))
    seat = visit(insurer.cast.steward)
    page = seat.go("/imports/new/")
    page.set_input_files("input[type=file]", file)
    page.locator("form[data-upload] [type=submit]").click()
    page.wait_for_selector("#mapping")
    assert "GB18030" in page.locator("#main").inner_text().upper()

    # The wizard has guessed some; she says the rest and takes one wrong guess away.
    for position, (header, field) in enumerate(
        [("编号", "source_key"), ("客户名称", "name"), ("性别", "sex"), ("生日", "birth_date"), ("手机号码", "mobile"),
         ("职业说明", "occupation")]
    ):  # fmt: skip
        choice = page.locator(f"#t-0-{position}")
        assert header in page.locator("tr", has=choice).inner_text()
        if choice.input_value() != field:
            choice.select_option(field)
            page.wait_for_function("[n, v] => document.getElementById(n)?.value === v", arg=[f"t-0-{position}", field])
            seat.settled()
    page.locator("button[value=check]").click()
    page.wait_for_selector("#import-progress")
    assert work_through_queue()
    page.wait_for_selector(".tiles")
    findings = page.locator("#findings").inner_text().split()
    assert {"4", "生日", "日期不存在，请在源系统中更正。", "6", "编号"} <= set(findings)
    page.locator("form[action$='/start/'] button").click()
    page.wait_for_selector("#import-progress")
    assert work_through_queue()
    page.wait_for_selector("[data-dialog-open=undo]")
    batch = Batch.objects.get()
    assert (batch.state, batch.rows_read, batch.rows_rejected) == ("done", 5, 2)
    with page.expect_download() as got:
        page.locator("summary", has_text="下载错误清单").click()
        page.locator("form[action$='/errors/'] button").first.click()
    report = Path(got.value.path()).read_bytes().decode("utf-8-sig")
    assert report.count("\n") >= 3 and "日期不存在" in report

    finder = visit(insurer.cast.head_office)
    finder.go("/")
    find(finder, "诸葛云", "诸葛云")
    assert Party.objects.get(name="诸葛云").ref in finder.page.url


def test_a_renewal_is_recorded_and_the_work_item_completed_by_keyboard(insurer: Insurer, visit: Visit) -> None:
    seat = visit(insurer.cast.manager)
    page = seat.go("/renewals/?period=30")
    page.locator("#renewals tbody tr", has_text="欧阳雪").locator("td").nth(2).click()
    page.locator("#preview form").wait_for()
    page.locator("#preview label", has=page.locator("[value=considering]")).click()
    page.locator("#preview [name=reason]").select_option(index=1)
    page.locator("#preview [name=next_date]").fill(str(clock.today()))
    with page.expect_response(lambda answer: answer.url.endswith("/record/")) as recorded:
        page.locator("#preview form [type=submit]").click()
    assert recorded.value.status < 300
    kept = Renewal.objects.get(policy__policy_no="PDAA202511230001")
    assert (kept.intention, kept.next_date) == ("considering", clock.today()) and kept.reason

    open_items = WorkItem.objects.filter(owner=insurer.cast.manager, state="open")
    before = open_items.count()
    assert before >= 2
    page = seat.go("/")
    second = page.locator("#queue tbody tr").nth(1).locator("[name=item]").get_attribute("value")
    page.keyboard.press("j")
    page.locator("#preview form").first.wait_for()
    page.keyboard.press("e")
    page.wait_for_function("n => document.querySelectorAll('#queue tbody tr').length === n", arg=before - 1)
    assert WorkItem.objects.get(pk=second).state == "done" and open_items.count() == before - 1


def test_a_list_is_filtered_kept_tagged_and_exported(insurer: Insurer, visit: Visit) -> None:
    seat = visit(insurer.cast.branch_manager)
    page = seat.go("/customers/?view=all")
    page.locator("summary", has_text="保费等级").click()
    page.get_by_label("标准").check()
    page.locator("details[open] button", has_text="应用").click()
    seat.settled()
    assert "tier=standard" in page.url
    assert page.locator("#customers tbody tr").count() == len(insurer.others)

    page.locator("summary", has_text="全部客户").click()
    page.get_by_role("button", name="另存为新视图").click()
    page.locator("#dialog-host [name=name]").fill("标准客户")
    page.get_by_role("button", name="保存视图").click()
    page.locator("summary", has_text="标准客户").wait_for()
    assert SavedView.objects.get().query == {"tier": ["standard"]}

    page.locator("#customers thead input[type=checkbox]").check()
    page.locator("[data-bulk] button", has_text="标签").first.click()
    page.locator("#dialog-host [name=tag]").fill("年末回访")
    page.locator("#dialog-host [type=submit]").click()
    page.locator("#started-t").wait_for()
    assert work_through_queue() == 1
    page.locator("#dialog-host").get_by_text("已完成").first.wait_for()
    assert PartyTag.objects.filter(tag__name="年末回访").count() == len(insurer.others)

    seat.go("/customers/?tier=standard&sort=-premium")
    page.get_by_role("button", name="导出").first.click()
    page.locator("#dialog-host [name=purpose]").select_option("service")
    page.locator("#dialog-host input[value=csv]").check()
    page.locator("#dialog-host [type=submit]").click()
    page.locator("#started-t").wait_for()
    assert work_through_queue() == 1
    link = page.locator("#dialog-host a[href*='/documents/']")
    link.wait_for()
    with page.expect_download() as got:
        link.click()
    lines = Path(got.value.path()).read_bytes().decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(insurer.others) and "王建国" in lines[1]
    assert Entry.objects.filter(action__contains="export").exists()


def test_a_card_filled_in_on_a_phone_becomes_part_of_the_file(insurer: Insurer, visit: Visit) -> None:
    token = upkeep.make_link(actor=build.actor(insurer.cast.manager), now=clock.now(), ref=insurer.xue.ref)
    phone = visit(None, size=PHONE)
    page = phone.go(f"/upkeep/fill/{token}/")
    page.get_by_label("工作单位").fill("浦东第三中学")
    page.get_by_role("checkbox").check()
    # A real browser also sends where the form came from, and is believed.
    page.get_by_role("button", name="提交").click()
    page.get_by_text("感谢您的填写").wait_for()

    staff = visit(insurer.cast.manager).go("/upkeep/answers/")
    staff.get_by_role("link", name="欧阳雪").click()
    staff.get_by_role("button", name="确认").click()
    staff.wait_for_load_state("load")
    insurer.xue.refresh_from_db()
    assert insurer.xue.employer == "浦东第三中学"
